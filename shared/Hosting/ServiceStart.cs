using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace BoneMet.Hosting;

/// <summary>
/// The time until a service has started. The host listens for signals only when its parts start; before that the runtime's own answer to SIGTERM
/// would be an exit code that says "killed".
/// </summary>
internal sealed class ServiceStart : IDisposable
{
    private readonly Lock gate = new();
    private readonly PosixSignalRegistration terminate;
    private readonly PosixSignalRegistration interrupt;
    private IHostApplicationLifetime? begun;
    private bool signalled;
    private volatile bool over;

    public ServiceStart()
    {
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Note);
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Note);
    }

    /// <summary>The process was told to stop before it had started.</summary>
    public bool IsCalledOff
    {
        get
        {
            if (over) { return false; }
            lock (gate) { return signalled || begun?.ApplicationStopping.IsCancellationRequested == true; }
        }
    }

    /// <summary>The host starts: a signal that came before it listened is handed on.</summary>
    public void Begin(IHostApplicationLifetime lifetime)
    {
        bool early;
        lock (gate)
        {
            begun = lifetime;
            early = signalled;
        }
        if (early) { lifetime.StopApplication(); }
    }

    /// <summary>From here on the host's own handling of signals is enough.</summary>
    public void End()
    {
        over = true;
        Dispose();
    }

    public void Dispose()
    {
        terminate.Dispose();
        interrupt.Dispose();
    }

    private void Note(PosixSignalContext signal)
    {
        signal.Cancel = true;
        IHostApplicationLifetime? lifetime;
        lock (gate)
        {
            signalled = true;
            lifetime = begun;
        }
        lifetime?.StopApplication();
    }
}
