namespace BoneMet.Dicom.Network;

/// <summary>Answers the requests of one association.</summary>
internal sealed class ServiceSession(DimseConnection connection, DicomService service, DicomServerOptions options)
{
    private const ushort Remaining = 0x1020;
    private const ushort Completed = 0x1021;
    private const ushort Failed = 0x1022;
    private const ushort Warned = 0x1023;

    private DicomAssociation Association => connection.Association!;

    public async Task Handle(DimseMessage message, CancellationToken cancellation)
    {
        switch (message.Command.Field)
        {
            case DimseCommand.EchoRequest:
                await Answer(message, DicomStatus.Success, cancellation);
                break;
            case DimseCommand.StoreRequest:
                await Answer(message, await Store(message, cancellation), cancellation);
                break;
            case DimseCommand.FindRequest:
                await Find(message, cancellation);
                break;
            case DimseCommand.GetRequest:
                await Get(message, cancellation);
                break;
            case DimseCommand.MoveRequest:
                await Move(message, cancellation);
                break;
            case DimseCommand.ActionRequest:
                await Commit(message, cancellation);
                break;
            case DimseCommand.CancelRequest:
                // What it wanted to cancel is answered already.
                break;
            default:
                await Answer(message, DicomStatus.UnrecognizedOperation, cancellation);
                break;
        }
    }

    private Task Answer(DimseMessage message, DicomStatus status, CancellationToken cancellation) =>
        connection.Send(message.Context.Id, DimseCommand.Answer(message.Command, status), null, cancellation);

    private async Task<DicomStatus> Store(DimseMessage message, CancellationToken cancellation)
    {
        var command = message.Command;
        if (message.Data is not { } data) { return DicomStatus.CannotUnderstand.With("no data set"); }
        if (command.AffectedClass != message.Context.AbstractSyntax) { return DicomStatus.DoesNotMatch.With("SOP class is not that of the context"); }
        try
        {
            return await service.Store(new DicomStoreRequest(Association, command.AffectedClass, command.AffectedInstance, data), cancellation);
        }
        catch (DicomException fault)
        {
            service.Fault(Association.RemoteAddress, fault);
            return DicomStatus.CannotUnderstand.With("the data set cannot be read");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The edge of the process: the association lives on, the peer may send this instance again.
            service.Fault(Association.RemoteAddress, fault);
            return DicomStatus.OutOfResources.With("not stored, send it again");
        }
    }

    private static DicomDataset Identifier(DimseMessage message) => message.Data?.Open().Dataset ?? throw new DicomException("the request has no data set");

    private async Task Find(DimseMessage message, CancellationToken cancellation)
    {
        var status = DicomStatus.Success;
        try
        {
            await foreach (var match in service.Find(Association, Identifier(message), cancellation))
            {
                var syntax = DicomTransferSyntax.Lookup(message.Context.Accepted!);
                await connection.Send(message.Context.Id, DimseCommand.Answer(message.Command, DicomStatus.Pending), stream => DicomWriter.Write(stream, match, syntax), cancellation);
            }
        }
        catch (DicomException fault) when (fault is not DicomNetworkException)
        {
            service.Fault(Association.RemoteAddress, fault);
            status = DicomStatus.DoesNotMatch.With("the identifier cannot be used");
        }
        await Answer(message, status, cancellation);
    }

    private async Task Get(DimseMessage message, CancellationToken cancellation)
    {
        var items = await Wanted(message, cancellation);
        if (items is null) { return; }
        var progress = new Progress(items.Count);
        foreach (var item in items)
        {
            var context = Association.FindFor(item.SopClassUid, item.TransferSyntaxUid) ?? Association.FindFor(item.SopClassUid);
            var store = new DimseCommand { Field = DimseCommand.StoreRequest, MessageId = progress.NextId(), AffectedClass = item.SopClassUid, AffectedInstance = item.SopInstanceUid };
            store.Set(0x0700, 0);
            var status = DicomStatus.SopClassNotSupported;
            if (context is not null && await SendStore(context, store, item, cancellation) is { } sent)
            {
                using var answer = sent;
                if (answer.Command.Field == DimseCommand.CancelRequest)
                {
                    await Final(message, DicomStatus.Cancel, progress, cancellation);
                    return;
                }
                status = new DicomStatus(answer.Command.Status);
            }
            progress.Count(status);
            await Report(message, progress, cancellation);
        }
        await Final(message, progress.Failed == 0 ? DicomStatus.Success : new DicomStatus(0xB000), progress, cancellation);
    }

    /// <summary>The peer's answer; null when the instance cannot be sent in the agreed transfer syntax.</summary>
    private async Task<DimseMessage?> SendStore(DicomPresentationContext context, DimseCommand store, DicomRetrieveItem item, CancellationToken cancellation)
    {
        var file = await item.Open(cancellation);
        var syntax = DicomTransferSyntax.Lookup(context.Accepted!);
        if (syntax.Pixels != file.TransferSyntax.Pixels) { return null; }
        await connection.Send(context.Id, store, stream => DicomWriter.Write(stream, file.Dataset, syntax), cancellation);
        return await connection.ReadMessage(cancellation) ?? throw new DicomNetworkException("the peer released while it was being sent to");
    }

    private async Task Move(DimseMessage message, CancellationToken cancellation)
    {
        if (service.Destination(message.Command.MoveDestination) is not { } destination)
        {
            await Answer(message, DicomStatus.MoveDestinationUnknown.With("move destination unknown"), cancellation);
            return;
        }
        var items = await Wanted(message, cancellation);
        if (items is null) { return; }
        var progress = new Progress(items.Count);
        if (items.Count > 0)
        {
            try
            {
                await using var client = await DicomClient.Connect(destination, options.AETitle, DicomClient.ContextsFor(items), options.Limits, certificate: options.Certificate, authorities: options.PeerAuthorities, cancellation: cancellation);
                foreach (var item in items)
                {
                    progress.Count(await client.Store(item, Association.CallingAE, message.Command.MessageId, cancellation));
                    await Report(message, progress, cancellation);
                }
                await client.Release(cancellation);
            }
            catch (DicomNetworkException fault)
            {
                service.Fault(destination.AETitle, fault);
                while (progress.Left > 0) { progress.Count(DicomStatus.ProcessingFailure); }
            }
        }
        await Final(message, progress.Failed == 0 ? DicomStatus.Success : progress.Failed == items.Count ? new DicomStatus(0xA702) : new DicomStatus(0xB000), progress, cancellation);
    }

    private async Task<IReadOnlyList<DicomRetrieveItem>?> Wanted(DimseMessage message, CancellationToken cancellation)
    {
        try
        {
            return await service.Retrieve(Association, Identifier(message), cancellation);
        }
        catch (DicomException fault) when (fault is not DicomNetworkException)
        {
            service.Fault(Association.RemoteAddress, fault);
            await Answer(message, DicomStatus.DoesNotMatch.With("the identifier cannot be used"), cancellation);
            return null;
        }
    }

    private Task Report(DimseMessage message, Progress progress, CancellationToken cancellation)
    {
        if (progress.Left == 0) { return Task.CompletedTask; }
        var answer = DimseCommand.Answer(message.Command, DicomStatus.Pending);
        answer.Set(Remaining, (ushort)Math.Min(progress.Left, ushort.MaxValue));
        progress.Write(answer, Completed, Failed, Warned);
        return connection.Send(message.Context.Id, answer, null, cancellation);
    }

    private Task Final(DimseMessage message, DicomStatus status, Progress progress, CancellationToken cancellation)
    {
        var answer = DimseCommand.Answer(message.Command, status);
        progress.Write(answer, Completed, Failed, Warned);
        return connection.Send(message.Context.Id, answer, null, cancellation);
    }

    private async Task Commit(DimseMessage message, CancellationToken cancellation)
    {
        DicomDataset request;
        try
        {
            request = Identifier(message);
        }
        catch (DicomException fault)
        {
            service.Fault(Association.RemoteAddress, fault);
            await Answer(message, DicomStatus.ProcessingFailure, cancellation);
            return;
        }
        var transaction = request.GetSingleValueOrDefault(DicomTag.TransactionUID, "");
        var instances = request.Items(DicomTag.ReferencedSOPSequence)
            .Select(item => (item.GetSingleValueOrDefault(DicomTag.ReferencedSOPClassUID, ""), item.GetSingleValueOrDefault(DicomTag.ReferencedSOPInstanceUID, ""))).ToList();
        await Answer(message, DicomStatus.Success, cancellation);
        var result = await service.Commit(Association, instances, cancellation);
        var report = CommitReport.Of(transaction, result);
        var type = (ushort)(result.Failed.Count == 0 ? 1 : 2);
        if (service.Destination(Association.CallingAE) is { } back)
        {
            try
            {
                await DicomClient.ReportCommitment(back, options, report, type, cancellation);
                return;
            }
            catch (DicomNetworkException fault)
            {
                // The requestor does not listen: told on its own association instead.
                service.Fault(back.AETitle, fault);
            }
        }
        var command = CommitReport.Command(type, 1);
        await connection.Send(message.Context.Id, command, stream => DicomWriter.Write(stream, report, DicomTransferSyntax.Lookup(message.Context.Accepted!)), cancellation);
        using var answer = await connection.ReadMessage(cancellation);
    }

    private sealed class Progress(int total)
    {
        private ushort id;
        private int completed;
        private int warned;

        public int Failed { get; private set; }

        public int Left => total - completed - warned - Failed;

        public ushort NextId() => ++id;

        public void Count(DicomStatus status)
        {
            if (status.IsSuccess) { completed++; }
            else if (status.IsDone) { warned++; }
            else { Failed++; }
        }

        public void Write(DimseCommand answer, ushort completedElement, ushort failedElement, ushort warnedElement)
        {
            answer.Set(completedElement, (ushort)Math.Min(completed, ushort.MaxValue));
            answer.Set(failedElement, (ushort)Math.Min(Failed, ushort.MaxValue));
            answer.Set(warnedElement, (ushort)Math.Min(warned, ushort.MaxValue));
        }
    }
}
