using BoneMet.Contracts.Events;
using BoneMet.Contracts.V1;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.FeatureExtraction.LabelSlide;
using BoneMet.FeatureExtraction.LabelVolume;
using Grpc.Core;

namespace BoneMet.FeatureExtraction.ServeEncoders;

internal sealed class EncodersGrpc(EncoderPool pool, EncoderChoice encoders, VolumeReader volumes, VolumeLabeller labeller) : Encoders.EncodersBase
{
    public override Task<ListEncodersReply> List(ListEncodersRequest request, ServerCallContext context)
    {
        var reply = new ListEncodersReply();
        foreach (var status in pool.Status())
        {
            reply.Encoders.Add(new EncoderDescription
            {
                Id = status.Card.Id,
                Version = status.Card.Version,
                Modality = status.Card.Modality,
                Sha256 = status.Card.Sha256,
                Trained = status.Card.Trained,
                Provider = status.Provider ?? "",
                Licence = status.Card.Licence.Spdx,
                Proven = status.Proven,
            });
        }
        return Task.FromResult(reply);
    }

    public override async Task<Embedding> ExtractVolume(ExtractVolumeRequest request, ServerCallContext context)
    {
        try
        {
            var card = encoders.For(Strand.Imaging, request.CancerType);
            var modality = request.Modality.Length > 0 ? request.Modality : "CT";
            var input = await volumes.Read(request.VolumeBlob, request.MaskBlob, request.Seed, modality, context.CancellationToken);
            return Reply(await labeller.Label(card.Id, input, request.CancerType, context.CancellationToken));
        }
        catch (InvalidInputException refusal)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, refusal.Message));
        }
        catch (UnusableEncoderException refusal)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, refusal.Message));
        }
    }

    public override async Task<Embedding> ExtractTiles(IAsyncStreamReader<SlideTile> requestStream, ServerCallContext context)
    {
        try
        {
            var cancerType = context.RequestHeaders.GetValue("cancer-type") ?? "";
            using var lease = await pool.Rent(encoders.For(Strand.Pathology, cancerType).Id, context.CancellationToken);
            var (embeddings, count) = await TileBag.Encode(lease, requestStream.ReadAllAsync(context.CancellationToken), interactive: true, context.CancellationToken);
            return Reply(LabelMaker.Make(lease.Session, cancerType, embeddings, count, withheld: null));
        }
        catch (InvalidInputException refusal)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, refusal.Message));
        }
        catch (UnusableEncoderException refusal)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, refusal.Message));
        }
    }

    private static Embedding Reply(ComputedLabel label) => new()
    {
        Values = { label.Bag.Pooled },
        LabelLogit = label.Value.Logit,
        EncoderId = label.Value.EncoderId,
        EncoderVersion = label.Value.EncoderVersion,
        EncoderSha256 = label.Value.EncoderSha256,
        Trained = label.Value.Trained,
        Synthetic = label.Value.Synthetic,
        Withheld = label.Value.Withheld ?? "",
        Provider = label.Value.Provider,
        Items = label.Value.Items,
    };
}
