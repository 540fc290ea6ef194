using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>Frames as people see them: modality LUT or rescale, VOI window or LUT, palette, presentation (PS3.3 C.11, PS3.4 N.2).</summary>
public static class DicomRendering
{
    /// <summary>Renders a frame to 8 bits: one sample per pixel in grey, three in colour.</summary>
    /// <param name="file">The object.</param>
    /// <param name="frame">From 0.</param>
    /// <param name="window">The object's own, or the frame's range, when null.</param>
    public static RenderedFrame Render(DicomFile file, int frame, VoiWindow? window = null)
    {
        var pixels = DicomPixelData.Create(file);
        if (pixels.IsFloat)
        {
            var floats = pixels.GetFloatFrame(frame);
            return Grey(pixels.Shape, Window(floats, window ?? Range(floats)), inverted: false);
        }
        var decoded = pixels.GetFrame(frame);
        if (decoded.Photometric == "PALETTE COLOR") { return Palette(file.Dataset, decoded); }
        if (decoded.SamplesPerPixel >= 3)
        {
            var rgb = decoded.ToRgb();
            var shift = Math.Max(0, pixels.Shape.BitsStored - 8);
            var bytes = new byte[3 * rgb.Columns * rgb.Rows];
            for (int from = 0, to = 0; to < bytes.Length; from += rgb.SamplesPerPixel, to += 3)
            {
                for (var c = 0; c < 3; c++) { bytes[to + c] = (byte)((uint)rgb.Values[from + c] >> shift); }
            }
            return new RenderedFrame(rgb.Columns, rgb.Rows, 3, bytes);
        }
        var values = Modality(file.Dataset, frame, decoded.Values);
        // Both say the same where both are there (PS3.3 C.8.11.3.1.2): they do not cancel each other.
        var inverted = decoded.Photometric == "MONOCHROME1" || file.Dataset.GetSingleValueOrDefault(DicomTag.PresentationLUTShape, "") == "INVERSE";
        var voi = DicomGeometry.Group(file.Dataset, frame, DicomTag.FrameVOILUTSequence) ?? file.Dataset;
        if (window is null && voi.Items(DicomTag.VOILUTSequence) is { Count: > 0 } luts && DicomLut.Read(luts[0]) is { } lut)
        {
            var most = (double)((1L << lut.Bits) - 1);
            for (var i = 0; i < values.Length; i++) { values[i] = lut.Apply(values[i]) / most * 255; }
            return Grey(pixels.Shape, values, inverted);
        }
        return Grey(pixels.Shape, Window(values, window ?? Own(voi) ?? Range(values)), inverted);
    }

    /// <summary>Values of the modality: by Modality LUT Sequence, else rescale slope and intercept.</summary>
    public static double[] Modality(DicomDataset dataset, int frame, int[] stored)
    {
        var values = new double[stored.Length];
        if (dataset.Items(DicomTag.ModalityLUTSequence) is { Count: > 0 } luts && DicomLut.Read(luts[0]) is { } lut)
        {
            for (var i = 0; i < values.Length; i++) { values[i] = lut.Apply(stored[i]); }
            return values;
        }
        var transform = DicomGeometry.Group(dataset, frame, DicomTag.PixelValueTransformationSequence) ?? dataset;
        var slope = transform.GetSingleValueOrDefault(DicomTag.RescaleSlope, 1.0);
        var intercept = transform.GetSingleValueOrDefault(DicomTag.RescaleIntercept, 0.0);
        for (var i = 0; i < values.Length; i++) { values[i] = (stored[i] * slope) + intercept; }
        return values;
    }

    /// <summary>The window that the object proposes, or null.</summary>
    private static VoiWindow? Own(DicomDataset voi)
    {
        if (!voi.TryGetSingleValue<double>(DicomTag.WindowCenter, out var centre) || !voi.TryGetSingleValue<double>(DicomTag.WindowWidth, out var width) || !(width > 0)) { return null; }
        return new VoiWindow(centre, width, voi.GetSingleValueOrDefault(DicomTag.VOILUTFunction, "").Trim() switch
        {
            "SIGMOID" => VoiFunction.Sigmoid,
            "LINEAR_EXACT" => VoiFunction.LinearExact,
            _ => VoiFunction.Linear,
        });
    }

    /// <summary>0 to 255 by a window (PS3.3 C.11.2.1.2 and C.11.2.1.3).</summary>
    private static double[] Window(double[] values, VoiWindow window)
    {
        var output = new double[values.Length];
        var (centre, width, function) = window;
        for (var i = 0; i < values.Length; i++)
        {
            output[i] = 255 * function switch
            {
                VoiFunction.Sigmoid => 1 / (1 + Math.Exp(-4 * (values[i] - centre) / width)),
                VoiFunction.LinearExact => ((values[i] - centre) / width) + 0.5,
                _ => width > 1 ? ((values[i] - (centre - 0.5)) / (width - 1)) + 0.5 : values[i] > centre - 0.5 ? 1 : 0,
            };
        }
        return output;
    }

    private static VoiWindow Range(double[] values)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) { continue; }
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }
        return double.IsInfinity(least) ? new VoiWindow(0, 1, VoiFunction.LinearExact) : new VoiWindow((least + most) / 2, Math.Max(most - least, 1e-9), VoiFunction.LinearExact);
    }

    private static RenderedFrame Grey(PixelShape shape, double[] values, bool inverted)
    {
        var bytes = new byte[values.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = double.IsNaN(values[i]) ? (byte)0 : (byte)Math.Clamp(Math.Round(values[i]), 0, 255);
            bytes[i] = inverted ? (byte)(255 - value) : value;
        }
        return new RenderedFrame(shape.Columns, shape.Rows, 1, bytes);
    }

    private static RenderedFrame Palette(DicomDataset dataset, DicomFrame frame)
    {
        DicomLut?[] luts =
        [
            DicomLut.ReadPalette(dataset, DicomTag.RedPaletteColorLookupTableDescriptor, DicomTag.RedPaletteColorLookupTableData, DicomTag.SegmentedRedPaletteColorLookupTableData),
            DicomLut.ReadPalette(dataset, DicomTag.GreenPaletteColorLookupTableDescriptor, DicomTag.GreenPaletteColorLookupTableData, DicomTag.SegmentedGreenPaletteColorLookupTableData),
            DicomLut.ReadPalette(dataset, DicomTag.BluePaletteColorLookupTableDescriptor, DicomTag.BluePaletteColorLookupTableData, DicomTag.SegmentedBluePaletteColorLookupTableData),
        ];
        var bytes = new byte[3 * frame.Values.Length];
        for (var c = 0; c < 3; c++)
        {
            var lut = luts[c] ?? throw new DicomException("PALETTE COLOR without its lookup tables (0028,1101 to 1203) cannot be shown.");
            for (var i = 0; i < frame.Values.Length; i++) { bytes[(3 * i) + c] = (byte)((int)lut.Apply(frame.Values[i]) >> Math.Max(0, lut.Bits - 8)); }
        }
        return new RenderedFrame(frame.Columns, frame.Rows, 3, bytes);
    }
}
