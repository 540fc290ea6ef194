using System.Buffers;
using BoneMet.Dicom;

namespace BoneMet.DicomIngestion.Spooling;

/// <summary>A received item that is small enough to stay in memory, which goes back to the pool when disposed.</summary>
internal sealed class ReceivedMemory(byte[] buffer, int length) : IDisposable
{
    public int Length { get; } = length;

    public ReadOnlySpan<byte> Span => buffer.AsSpan(0, Length);

    public DicomFile Open(DicomReadOptions options) => DicomFile.Open(new ArraySegment<byte>(buffer, 0, Length), options);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
