using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.Imaging.Pictures;

namespace BoneMet.FeatureExtraction.Explain;

/// <summary>Which tiles of a slide make its label: a layer to lay over it, and what is left of the label without those that speak loudest.</summary>
internal static class TopTiles
{
    /// <summary>Share of the tiles that is dropped.</summary>
    private const double Share = 0.1;
    private const int LargestPicture = 1024;
    private const int LargestCell = 16;

    /// <summary>The label without the tenth of the tiles whose shares differ most from the median share.</summary>
    public static NamedValue Dropped(BagHead head, ReadOnlySpan<float> embeddings, BagResult bag)
    {
        var (items, size, middle) = (bag.Shares.Length, head.Dimensions, Median(bag.Shares));
        var dropped = items == 1 ? 0 : Math.Max(1, (int)(Share * items));
        var loudest = Enumerable.Range(0, items).OrderByDescending(item => Math.Abs(bag.Shares[item] - middle)).ThenBy(item => item).Take(dropped).ToHashSet();
        var rest = new float[(items - dropped) * size];
        var at = 0;
        for (var item = 0; item < items; item++)
        {
            if (loudest.Contains(item)) { continue; }
            embeddings.Slice(item * size, size).CopyTo(rest.AsSpan(at));
            at += size;
        }
        return new($"Label without the {dropped} of {items} tiles that speak loudest", head.Apply(rest, items - dropped).Logit);
    }

    /// <summary>One cell for each tile, red where it speaks for the outcome and blue where against, measured from the median tile; white where no tile was read. The cells keep the slide's proportions, so that the picture can be laid over it.</summary>
    public static byte[] Draw(IReadOnlyList<(int Column, int Row)> places, double[] shares)
    {
        var (columns, rows) = (places.Max(place => place.Column) + 1, places.Max(place => place.Row) + 1);
        var cell = Math.Clamp(LargestPicture / Math.Max(columns, rows), 1, LargestCell);
        var step = (int)Math.Ceiling(Math.Max(columns, rows) / (double)LargestPicture);
        var (width, height) = ((((columns - 1) / step) + 1) * cell, (((rows - 1) / step) + 1) * cell);
        var pixels = new byte[width * height * 3];
        pixels.AsSpan().Fill(255);
        var middle = Median(shares);
        var strongest = Math.Max(1e-12, shares.Max(share => Math.Abs(share - middle)));
        for (var tile = 0; tile < places.Count; tile++)
        {
            var strength = Math.Abs(shares[tile] - middle) / strongest;
            var (red, blue) = shares[tile] > middle ? (230, 40) : (40, 230);
            var (left, top) = (places[tile].Column / step * cell, places[tile].Row / step * cell);
            for (var y = top; y < top + cell; y++)
            {
                for (var x = left; x < left + cell; x++)
                {
                    var at = 3 * ((y * width) + x);
                    pixels[at] = (byte)(215 + (strength * (red - 215)));
                    pixels[at + 1] = (byte)(215 + (strength * (50 - 215)));
                    pixels[at + 2] = (byte)(215 + (strength * (blue - 215)));
                }
            }
        }
        return PngFile.Encode(pixels, width, height);
    }

    private static double Median(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
