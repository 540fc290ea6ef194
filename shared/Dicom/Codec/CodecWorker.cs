using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace BoneMet.Dicom;

/// <summary>
/// A process of our own that runs native decoders, so that their crash, endless loop or memory hunger cannot take the host down. Kept for
/// some frames, then replaced; killed when a frame takes longer than its size justifies.
/// </summary>
internal sealed class CodecWorker : IDisposable
{
    private const int FramesPerProcess = 500;
    private const int SamplesPerSecond = 2_000_000;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static readonly ConcurrentBag<CodecWorker> s_idle = [];
    private static readonly SemaphoreSlim s_slots = new(Math.Max(2, Environment.ProcessorCount));

    private readonly Process _process;
    private int _frames;

    private CodecWorker() : this(Worker()) { }

    /// <summary>A worker that another program stands in for: tests let one crash, loop or answer nonsense.</summary>
    internal CodecWorker(ProcessStartInfo program)
    {
        (program.RedirectStandardInput, program.RedirectStandardOutput, program.UseShellExecute) = (true, true, false);
        _process = Process.Start(program) ?? throw new DicomException("the decoding process could not be started.");
    }

    /// <summary>Processes of the workers that wait for work.</summary>
    internal static IReadOnlyList<int> IdleProcesses => [.. s_idle.Select(worker => worker._process.Id)];

    /// <summary>Processor time that a frame may take beside what its size justifies; the clock on the wall would punish a busy machine.</summary>
    internal static TimeSpan BaseTime { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Samples, interleaved, as the code stream gives them.</summary>
    public static int[] Decode(ReadOnlySpan<byte> stream, PixelShape shape)
    {
        s_slots.Wait();
        try
        {
            try
            {
                return Decode(Idle() ?? new CodecWorker(), stream, shape);
            }
            catch (WorkerLostException lost) when (lost.MayBeAnothersFault)
            {
                // The frame before may have damaged the process, or something killed it: only a fresh one proves that this frame does.
                return Decode(new CodecWorker(), stream, shape);
            }
        }
        finally
        {
            s_slots.Release();
        }
    }

    private static int[] Decode(CodecWorker worker, ReadOnlySpan<byte> stream, PixelShape shape)
    {
        var healthy = false;
        try
        {
            var values = worker.Ask(stream, shape);
            healthy = true;
            return values;
        }
        catch (DicomException fault) when (fault is not WorkerLostException)
        {
            healthy = true;
            throw;
        }
        finally
        {
            if (healthy && ++worker._frames < FramesPerProcess) { s_idle.Add(worker); }
            else { worker.Dispose(); }
        }
    }

    /// <summary>A worker that waits and still lives, or null.</summary>
    private static CodecWorker? Idle()
    {
        while (s_idle.TryTake(out var worker))
        {
            if (!worker._process.HasExited) { return worker; }
            worker.Dispose();
        }
        return null;
    }

    public void Dispose()
    {
        if (!_process.HasExited) { _process.Kill(); }
        _process.Dispose();
    }

    internal int[] Ask(ReadOnlySpan<byte> stream, PixelShape shape)
    {
        var allowed = BaseTime + TimeSpan.FromSeconds((double)shape.SamplesPerFrame / SamplesPerSecond);
        var late = 0;
        var before = ProcessorTime();
        var watch = Stopwatch.StartNew();
        using var timer = new Timer(_ =>
        {
            if (ProcessorTime() - before < allowed && watch.Elapsed < s_patience) { return; }
            Interlocked.Exchange(ref late, 1);
            Stop();
        }, null, s_look, s_look);
        try
        {
            var input = _process.StandardInput.BaseStream;
            var output = _process.StandardOutput.BaseStream;
            Span<byte> request = stackalloc byte[CodecServer.RequestHeader];
            BinaryPrimitives.WriteInt32LittleEndian(request, stream.Length);
            BinaryPrimitives.WriteInt32LittleEndian(request[4..], shape.Columns);
            BinaryPrimitives.WriteInt32LittleEndian(request[8..], shape.Rows);
            BinaryPrimitives.WriteInt32LittleEndian(request[12..], shape.SamplesPerPixel);
            input.Write(request);
            input.Write(stream);
            input.Flush();
            Span<byte> answer = stackalloc byte[CodecServer.AnswerHeader];
            output.ReadExactly(answer);
            var length = BinaryPrimitives.ReadInt32LittleEndian(answer[4..]);
            if (BinaryPrimitives.ReadInt32LittleEndian(answer) != 0)
            {
                var reason = new byte[Math.Clamp(length, 0, 4096)];
                output.ReadExactly(reason);
                throw new DicomException(Encoding.UTF8.GetString(reason));
            }
            if (length != 4L * shape.SamplesPerFrame) { throw new WorkerLostException("the decoding process answered with another size than asked for.", mayBeAnothersFault: false); }
            var values = GC.AllocateUninitializedArray<int>(shape.SamplesPerFrame);
            output.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw late != 0
                ? new WorkerLostException($"decoding took more than {allowed.TotalSeconds:0.#} s of processor time and was stopped.", mayBeAnothersFault: false)
                : new WorkerLostException("the decoder crashed on this frame (its process ended).", mayBeAnothersFault: _frames > 0);
        }
    }

    private TimeSpan ProcessorTime()
    {
        try
        {
            return _process.TotalProcessorTime;
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It has ended; whoever waits for its answer will see that.
            return TimeSpan.Zero;
        }
    }

    /// <summary>Runs on the timer's thread, where nothing may be thrown.</summary>
    private void Stop()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself meanwhile, which is what was wanted.
            return;
        }
    }

    private static ProcessStartInfo Worker()
    {
        var library = Path.Combine(AppContext.BaseDirectory, "BoneMet.Dicom.dll");
        var start = new ProcessStartInfo(DotnetHost());
        start.ArgumentList.Add(library);
        start.ArgumentList.Add("decode-worker");
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x80000000";
        start.Environment["DOTNET_gcServer"] = "0";
        return start;
    }

    /// <summary>The program that runs this process, or the one beside its runtime when it has a host of its own.</summary>
    private static string DotnetHost()
    {
        if (Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet") { return path; }
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }

    private sealed class WorkerLostException(string message, bool mayBeAnothersFault) : DicomException(message)
    {
        public bool MayBeAnothersFault => mayBeAnothersFault;
    }
}
