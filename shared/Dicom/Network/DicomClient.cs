using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace BoneMet.Dicom.Network;

/// <summary>An SCU: one association to a peer. One request at a time.</summary>
public sealed class DicomClient : IAsyncDisposable
{
    private static readonly string[] Uncompressed = ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"];
    private const int MostContexts = 127;
    private readonly DimseConnection connection;
    private ushort lastId;

    private DicomClient(DimseConnection connection) => this.connection = connection;

    /// <summary>What was agreed.</summary>
    public DicomAssociation Association => connection.Association!;

    /// <summary>One context per SOP class and transfer syntax of the instances, uncompressed ones beside.</summary>
    public static IReadOnlyList<DicomPresentationContext> ContextsFor(IEnumerable<DicomRetrieveItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var wanted = items.Select(item => (item.SopClassUid, item.TransferSyntaxUid)).Distinct().ToList();
        var contexts = new List<(string Class, string[] Transfers)>();
        foreach (var (sopClass, transfer) in wanted)
        {
            if (!Uncompressed.Contains(transfer)) { contexts.Add((sopClass, [transfer])); }
            else if (!contexts.Any(context => context.Class == sopClass && context.Transfers.Length == 2)) { contexts.Add((sopClass, Uncompressed)); }
        }
        return Contexts(contexts);
    }

    /// <summary>Contexts for SOP classes in the two uncompressed little endian syntaxes.</summary>
    public static IReadOnlyList<DicomPresentationContext> ContextsFor(params string[] sopClasses) => Contexts([.. sopClasses.Select(sopClass => (sopClass, Uncompressed))]);

    /// <summary>Connects and associates.</summary>
    /// <exception cref="DicomNetworkException">The peer does not answer or refuses; the message says why.</exception>
    public static async Task<DicomClient> Connect(
        DicomPeer peer, string callingAE, IReadOnlyList<DicomPresentationContext> contexts, DicomNetworkLimits? limits = null, IReadOnlyDictionary<string, (bool Scu, bool Scp)>? roles = null,
        X509Certificate2? certificate = null, IReadOnlyList<X509Certificate2>? authorities = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        limits ??= new DicomNetworkLimits();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = (int)limits.Idle.TotalMilliseconds };
        DimseConnection? connection = null;
        try
        {
            using (var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
            {
                limited.CancelAfter(limits.Associate);
                await socket.ConnectAsync(peer.Host, peer.Port, limited.Token);
                connection = new DimseConnection(await Secure(peer, new NetworkStream(socket, ownsSocket: true), certificate, authorities, limited.Token), limits);
            }
            var association = new DicomAssociation { CalledAE = peer.AETitle, CallingAE = callingAE, Contexts = contexts, Roles = roles ?? new Dictionary<string, (bool, bool)>() };
            connection.Association = association;
            await connection.Write(AssociationCodec.Request(association, (uint)limits.MaxPduLength), cancellation);
            var answer = await connection.ReadPdu(limits.Associate, cancellation) ?? throw new DicomNetworkException($"{peer.AETitle} at {peer.Host}:{peer.Port} closed the connection");
            switch (answer.Type)
            {
                case DimseConnection.AssociateAccept:
                    AssociationCodec.ReadAccept(answer.Body.Span, association);
                    return new DicomClient(connection);
                case DimseConnection.AssociateReject:
                    throw new DicomNetworkException($"{peer.AETitle} at {peer.Host}:{peer.Port} refused the association: {Reason(answer.Body.Span)}");
                default:
                    throw new DicomNetworkException($"{peer.AETitle} at {peer.Host}:{peer.Port} aborted the association");
            }
        }
        catch (Exception fault)
        {
            if (connection is not null) { await connection.DisposeAsync(); }
            socket.Dispose();
            if (fault is SocketException or AuthenticationException or IOException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                throw new DicomNetworkException($"{peer.Host}:{peer.Port} cannot be reached: {(fault is OperationCanceledException ? $"no answer for {limits.Associate.TotalSeconds:0} s" : fault.Message)}", fault);
            }
            throw;
        }
    }

    public async Task<DicomStatus> Echo(CancellationToken cancellation = default)
    {
        var context = Context(DicomUID.Verification.UID);
        await connection.Send(context.Id, Request(DimseCommand.EchoRequest, DicomUID.Verification.UID), null, cancellation);
        using var answer = await Answer(cancellation);
        return Status(answer);
    }

    /// <summary>Sends one instance; its transfer syntax must have been agreed on, or be one that only the header's coding differs from.</summary>
    public async Task<DicomStatus> Store(DicomRetrieveItem item, string? moveOriginator = null, ushort moveMessage = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var file = await item.Open(cancellation);
        var context = Association.FindFor(item.SopClassUid, item.TransferSyntaxUid) ?? Association.FindFor(item.SopClassUid);
        if (context is null) { return DicomStatus.SopClassNotSupported.With("not agreed on by the peer"); }
        var syntax = DicomTransferSyntax.Lookup(context.Accepted!);
        if (syntax.Pixels != file.TransferSyntax.Pixels) { return DicomStatus.SopClassNotSupported.With($"peer does not take {file.TransferSyntax.UID.UID}"); }
        var command = Request(DimseCommand.StoreRequest, item.SopClassUid);
        command.AffectedInstance = item.SopInstanceUid;
        if (moveOriginator is not null)
        {
            command.SetTitle(0x1030, moveOriginator);
            command.Set(0x1031, moveMessage);
        }
        await connection.Send(context.Id, command, stream => DicomWriter.Write(stream, file.Dataset, syntax), cancellation);
        using var answer = await Answer(cancellation);
        return Status(answer);
    }

    /// <summary>Matches of a study-root query.</summary>
    /// <exception cref="DicomNetworkException">The peer answers with a failure.</exception>
    public async IAsyncEnumerable<DicomDataset> Find(DicomDataset query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var sopClass = DicomUID.StudyRootQueryRetrieveFind.UID;
        var context = Context(sopClass);
        await SendQuery(context, Request(DimseCommand.FindRequest, sopClass), query, cancellation);
        while (true)
        {
            using var answer = await Answer(cancellation);
            var status = Status(answer);
            if (!status.IsPending)
            {
                if (!status.IsSuccess) { throw new DicomNetworkException($"the query failed with status {status}"); }
                yield break;
            }
            if (answer.Data is { } data) { yield return data.Open().Dataset; }
        }
    }

    /// <summary>Asks the peer to send what the query names to a third.</summary>
    public async Task<(DicomStatus Status, int Completed, int Failed)> Move(DicomDataset query, string destination, CancellationToken cancellation = default)
    {
        var sopClass = DicomUID.StudyRootQueryRetrieveMove.UID;
        var context = Context(sopClass);
        var request = Request(DimseCommand.MoveRequest, sopClass);
        request.MoveDestination = destination;
        await SendQuery(context, request, query, cancellation);
        while (true)
        {
            using var answer = await Answer(cancellation);
            var status = Status(answer);
            if (!status.IsPending) { return (status, answer.Command.Number(0x1021), answer.Command.Number(0x1022)); }
        }
    }

    /// <summary>Asks for instances on this association; each is handed to <paramref name="store"/>.</summary>
    public async Task<(DicomStatus Status, int Completed, int Failed)> Get(DicomDataset query, Func<ReceivedObject, string, Task<DicomStatus>> store, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var sopClass = DicomUID.StudyRootQueryRetrieveGet.UID;
        var context = Context(sopClass);
        await SendQuery(context, Request(DimseCommand.GetRequest, sopClass), query, cancellation);
        while (true)
        {
            using var message = await Answer(cancellation);
            if (message.Command.Field == DimseCommand.StoreRequest)
            {
                var status = message.Data is { } data ? await store(data, message.Command.AffectedInstance) : DicomStatus.CannotUnderstand;
                await connection.Send(message.Context.Id, DimseCommand.Answer(message.Command, status), null, cancellation);
                continue;
            }
            var answer = Status(message);
            if (!answer.IsPending) { return (answer, message.Command.Number(0x1021), message.Command.Number(0x1022)); }
        }
    }

    /// <summary>Asks the peer to commit to instances (PS3.4 Annex J); the report comes on this association or on one that the peer opens.</summary>
    public async Task<DicomStatus> RequestCommitment(string transactionUid, IEnumerable<(string SopClassUid, string SopInstanceUid)> instances, CancellationToken cancellation = default)
    {
        var sopClass = DicomUID.StorageCommitmentPushModel.UID;
        var context = Context(sopClass);
        var dataset = CommitReport.Of(transactionUid, new DicomCommitResult([.. instances], []));
        var request = new DimseCommand { Field = DimseCommand.ActionRequest, MessageId = ++lastId, RequestedClass = sopClass, RequestedInstance = DicomUID.StorageCommitmentPushModelInstance.UID };
        request.Set(0x1008, 1);
        await SendQuery(context, request, dataset, cancellation);
        using var answer = await Answer(cancellation);
        return Status(answer);
    }

    /// <summary>The commitment's report, when the peer sends it on this association.</summary>
    public async Task<(int Committed, int Failed)> ReadCommitment(CancellationToken cancellation = default)
    {
        using var message = await Answer(cancellation);
        if (message.Command.Field != DimseCommand.EventReportRequest || message.Data is not { } data) { throw new DicomNetworkException("the peer sent something else than the commitment's report"); }
        var report = data.Open().Dataset;
        await connection.Send(message.Context.Id, DimseCommand.Answer(message.Command, DicomStatus.Success), null, cancellation);
        return (report.Items(DicomTag.ReferencedSOPSequence).Count, report.Items(DicomTag.FailedSOPSequence).Count);
    }

    public Task Release(CancellationToken cancellation = default) => connection.Release(cancellation);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    internal static async Task ReportCommitment(DicomPeer peer, DicomServerOptions own, DicomDataset report, ushort eventType, CancellationToken cancellation)
    {
        var sopClass = DicomUID.StorageCommitmentPushModel.UID;
        var roles = new Dictionary<string, (bool, bool)> { [sopClass] = (false, true) };
        await using var client = await Connect(peer, own.AETitle, ContextsFor(sopClass), own.Limits, roles, own.Certificate, own.PeerAuthorities, cancellation);
        var context = client.Context(sopClass);
        await client.SendQuery(context, CommitReport.Command(eventType, 1), report, cancellation);
        using var answer = await client.Answer(cancellation);
        await client.Release(cancellation);
    }

    private static List<DicomPresentationContext> Contexts(List<(string Class, string[] Transfers)> wanted)
    {
        if (wanted.Count > MostContexts) { throw new DicomNetworkException($"{wanted.Count} kinds of objects are too many for one association, which takes {MostContexts}"); }
        return [.. wanted.Select((context, n) => new DicomPresentationContext { Id = (byte)((2 * n) + 1), AbstractSyntax = context.Class, TransferSyntaxes = context.Transfers })];
    }

    private static async Task<Stream> Secure(DicomPeer peer, NetworkStream stream, X509Certificate2? certificate, IReadOnlyList<X509Certificate2>? authorities, CancellationToken cancellation)
    {
        if (!peer.Tls) { return stream; }
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = peer.Host,
                    ClientCertificates = certificate is null ? null : [certificate],
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = authorities is null ? null : (_, server, _, _) => server is not null && Trust.IsIssuedBy(server, authorities),
                },
                cancellation);
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
        return secure;
    }

    private static string Reason(ReadOnlySpan<byte> body) => body.Length < 4 ? "no reason given" : (body[2], body[3]) switch
    {
        (1, 3) => "it does not know the calling AE title",
        (1, 7) => "it does not know the called AE title",
        (1, 2) => "it does not support the application context",
        (3, 1) => "it is congested, try again later",
        (3, 2) => "its limit of associations is reached, try again later",
        _ => $"source {body[2]}, reason {body[3]}",
    };

    private static DicomStatus Status(DimseMessage answer) => new(answer.Command.Status, answer.Command.Comment is { Length: > 0 } comment ? comment : null);

    private DicomPresentationContext Context(string sopClass) =>
        Association.FindFor(sopClass) ?? throw new DicomNetworkException($"{Association.CalledAE} does not offer {new DicomUID(sopClass).Name ?? sopClass}");

    private DimseCommand Request(ushort field, string sopClass)
    {
        var command = new DimseCommand { Field = field, MessageId = ++lastId, AffectedClass = sopClass };
        command.Set(0x0700, 0);
        return command;
    }

    private Task SendQuery(DicomPresentationContext context, DimseCommand command, DicomDataset query, CancellationToken cancellation) =>
        connection.Send(context.Id, command, stream => DicomWriter.Write(stream, query, DicomTransferSyntax.Lookup(context.Accepted!)), cancellation);

    private async Task<DimseMessage> Answer(CancellationToken cancellation) =>
        await connection.ReadMessage(cancellation) ?? throw new DicomNetworkException($"{Association.CalledAE} closed the association before it answered");
}
