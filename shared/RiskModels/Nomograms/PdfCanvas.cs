using SkiaSharp;

namespace BoneMet.RiskModels;

/// <summary>Words and lines on a PDF page, in black.</summary>
internal sealed class PdfCanvas(SKCanvas canvas, PdfFonts fonts)
{
    public SKCanvas Canvas { get; } = canvas;

    public static float Width(string text, float size)
    {
        var width = 0f;
        foreach (var (run, face) in ReportFonts.Runs(text))
        {
            using var font = new SKFont(face, size);
            width += font.MeasureText(run);
        }
        return width;
    }

    /// <summary>Text with its baseline at y; align −1 left, 0 centre, 1 right of x; with a white edge where lines run beneath it.</summary>
    public void Text(string text, double x, double y, double size, int align = -1, bool bold = false, bool edged = false)
    {
        var left = (float)x - (align == -1 ? 0 : Width(text, (float)size) * (align == 0 ? 0.5f : 1f));
        using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var edge = new SKPaint { Color = SKColors.White, IsAntialias = true, IsStroke = true, StrokeWidth = 3, StrokeJoin = SKStrokeJoin.Round };
        foreach (var (run, face) in ReportFonts.Runs(text))
        {
            using var font = new SKFont(fonts.Face(face, run), (float)size) { Embolden = bold };
            if (edged) { Canvas.DrawText(run, left, (float)y, SKTextAlign.Left, font, edge); }
            Canvas.DrawText(run, left, (float)y, SKTextAlign.Left, font, paint);
            left += font.MeasureText(run);
        }
    }

    public void Line(double x1, double y1, double x2, double y2, double width = 1, bool dashed = false)
    {
        using var paint = new SKPaint { Color = SKColors.Black, StrokeWidth = (float)width, IsStroke = true, IsAntialias = true };
        using var dash = dashed ? SKPathEffect.CreateDash([3, 3], 0) : null;
        paint.PathEffect = dash;
        Canvas.DrawLine((float)x1, (float)y1, (float)x2, (float)y2, paint);
    }

    public void Diamond(double x, double y, double r, bool filled)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo((float)x, (float)(y - r));
        builder.LineTo((float)(x + r), (float)y);
        builder.LineTo((float)x, (float)(y + r));
        builder.LineTo((float)(x - r), (float)y);
        builder.Close();
        using var path = builder.Detach();
        using var fill = new SKPaint { Color = filled ? SKColors.Black : SKColors.White, IsAntialias = true };
        Canvas.DrawPath(path, fill);
        using var stroke = new SKPaint { Color = SKColors.Black, IsStroke = true, StrokeWidth = 1.2f, IsAntialias = true };
        Canvas.DrawPath(path, stroke);
    }
}
