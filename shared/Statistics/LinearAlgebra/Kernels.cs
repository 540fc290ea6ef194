using System.Numerics;
using System.Runtime.InteropServices;

namespace BoneMet.Statistics.LinearAlgebra;

/// <summary>The inner loops of the fits, in SIMD vectors; a fixed order of summation on every machine of the same vector width.</summary>
internal static class Kernels
{
    public static void AddScaled(double factor, ReadOnlySpan<double> from, Span<double> to)
    {
        var width = Vector<double>.Count;
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var scale = new Vector<double>(factor);
        var i = 0;
        for (; i <= from.Length - width; i += width)
        {
            (Vector.LoadUnsafe(ref target, (nuint)i) + (scale * Vector.LoadUnsafe(ref source, (nuint)i))).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < from.Length; i++) { to[i] += factor * from[i]; }
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var width = Vector<double>.Count;
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        Vector<double> sum0 = Vector<double>.Zero, sum1 = Vector<double>.Zero;
        var i = 0;
        for (; i <= a.Length - (2 * width); i += 2 * width)
        {
            sum0 += Vector.LoadUnsafe(ref left, (nuint)i) * Vector.LoadUnsafe(ref right, (nuint)i);
            sum1 += Vector.LoadUnsafe(ref left, (nuint)(i + width)) * Vector.LoadUnsafe(ref right, (nuint)(i + width));
        }
        for (; i <= a.Length - width; i += width) { sum0 += Vector.LoadUnsafe(ref left, (nuint)i) * Vector.LoadUnsafe(ref right, (nuint)i); }
        var sum = Vector.Sum(sum0 + sum1);
        for (; i < a.Length; i++) { sum += a[i] * b[i]; }
        return sum;
    }

    /// <summary>1/(1 + e^{−x}) of every value, exact in both tails.</summary>
    public static void Logistic(ReadOnlySpan<double> from, Span<double> to)
    {
        var width = Vector<double>.Count;
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var i = 0;
        for (; i <= from.Length - width; i += width)
        {
            var x = Vector.LoadUnsafe(ref source, (nuint)i);
            var e = Vector.Exp(-Vector.Abs(x));
            var q = Vector<double>.One / (Vector<double>.One + e);
            Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector<double>.Zero), q, e * q).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < from.Length; i++)
        {
            var e = Math.Exp(-Math.Abs(from[i]));
            to[i] = from[i] >= 0 ? 1 / (1 + e) : e / (1 + e);
        }
    }

    public static double Logistic(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
}
