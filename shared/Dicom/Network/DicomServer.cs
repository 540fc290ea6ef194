using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace BoneMet.Dicom.Network;

/// <summary>An SCP: listens, lets in whom it should, and hands requests to a <see cref="DicomService"/> per association.</summary>
public sealed class DicomServer : IAsyncDisposable
{
    private readonly DicomServerOptions options;
    private readonly Func<DicomService> service;
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<long, Task> associations = new();
    private Task accepting = Task.CompletedTask;
    private long next;

    private DicomServer(DicomServerOptions options, Func<DicomService> service)
    {
        (this.options, this.service) = (options, service);
        listener = new TcpListener(options.Address, options.Port);
        listener.Server.NoDelay = true;
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Associations that are open now.</summary>
    public int OpenAssociations => associations.Count;

    /// <summary>Starts listening.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static DicomServer Create(DicomServerOptions options, Func<DicomService> service)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(service);
        var server = new DicomServer(options, service);
        server.listener.Start(512);
        server.accepting = Task.Run(server.Accept);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(associations.Values);
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task Accept()
    {
        while (!stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptSocketAsync(stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that vanished while it was being accepted, or no free descriptor: the next one may do better.
                await Task.Delay(TimeSpan.FromMilliseconds(20));
                continue;
            }
            var id = Interlocked.Increment(ref next);
            var started = new TaskCompletionSource();
            associations[id] = started.Task.ContinueWith(_ => AssociationThread.Run(() => Serve(socket), $"association {id}"), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap()
                .ContinueWith(done => { associations.TryRemove(id, out var _); return done; }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
            started.SetResult();
        }
    }

    private async Task Serve(Socket socket)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        life.CancelAfter(options.MaxAssociationTime);
        var handler = service();
        var peer = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (peer.IsIPv4MappedToIPv6) { peer = peer.MapToIPv4(); }
        try
        {
            socket.NoDelay = true;
            socket.SendTimeout = (int)options.Limits.Idle.TotalMilliseconds;
            if (options.AllowedNetworks.Count > 0 && !options.AllowedNetworks.Any(network => network.Contains(peer)))
            {
                socket.Dispose();
                throw new DicomNetworkException("an address that is not on the list tried to connect");
            }
            await using var connection = new DimseConnection(await Secure(new NetworkStream(socket, ownsSocket: true), life.Token), options.Limits, blocks: true);
            // Ends a read that blocks; what is to be said at the end can still be sent.
            await using var ending = life.Token.UnsafeRegister(static state => EndReading((Socket)state!), socket);
            await Associate(connection, handler, peer.ToString(), life.Token);
        }
        catch (Exception fault) when (fault is DicomException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            if (!stopping.IsCancellationRequested) { handler.Fault(peer.ToString(), fault); }
        }
    }

    private static void EndReading(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It is over already.
            return;
        }
    }

    private async Task<Stream> Secure(NetworkStream stream, CancellationToken cancellation)
    {
        if (options.Certificate is not { } certificate) { return stream; }
        var secure = new SslStream(stream);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(options.Limits.Associate);
        try
        {
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = options.ClientAuthorities.Count > 0,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = (_, client, _, _) => options.ClientAuthorities.Count == 0 || (client is not null && Trust.IsIssuedBy(client, options.ClientAuthorities)),
                },
                limited.Token);
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
        return secure;
    }

    private async Task Associate(DimseConnection connection, DicomService handler, string address, CancellationToken cancellation)
    {
        if (await connection.ReadPdu(options.Limits.Associate, cancellation) is not { } first) { return; }
        if (first.Type != DimseConnection.AssociateRequest)
        {
            await connection.SendAbort(2, 2);
            throw new DicomNetworkException("the connection did not begin with an association request");
        }
        var association = AssociationCodec.ReadRequest(first.Body.Span, address);
        if (Refusal(association) is { } refusal)
        {
            await connection.Write(refusal, cancellation);
            throw new DicomNetworkException($"the association of '{association.CallingAE}' to '{association.CalledAE}' was refused");
        }
        foreach (var context in association.Contexts)
        {
            if (!handler.Supports(context.AbstractSyntax)) { continue; }
            context.Accepted = context.TransferSyntaxes.FirstOrDefault(transfer => handler.Supports(context.AbstractSyntax, transfer));
            context.Result = (byte)(context.Accepted is null ? 4 : 0);
        }
        connection.Association = association;
        await connection.Write(AssociationCodec.Accept(association, (uint)options.Limits.MaxPduLength), cancellation);
        try
        {
            var session = new ServiceSession(connection, handler, options);
            while (await connection.ReadMessage(cancellation) is { } message)
            {
                using (message) { await session.Handle(message, cancellation); }
            }
        }
        catch (Exception fault) when (fault is DicomNetworkException or OperationCanceledException)
        {
            await connection.SendAbort(2, 0);
            throw;
        }
        finally
        {
            await handler.Ended(association, CancellationToken.None);
        }
    }

    /// <summary>The A-ASSOCIATE-RJ for a request that is not let in, or null.</summary>
    private byte[]? Refusal(DicomAssociation association)
    {
        if (associations.Count > options.MaxAssociations) { return AssociationCodec.Reject(2, 3, 2); }
        if (options.CheckCalledAE && association.CalledAE != options.AETitle) { return AssociationCodec.Reject(1, 1, 7); }
        return options.AllowedAETitles.Count > 0 && !options.AllowedAETitles.Contains(association.CallingAE) ? AssociationCodec.Reject(1, 1, 3) : null;
    }
}
