namespace BoneMet.Imaging.Volumes;

/// <summary>A point or vector in patient space: millimetres, LPS (x grows to the patient's left, y to posterior, z to superior), as in DICOM.</summary>
public readonly record struct Point3(double X, double Y, double Z)
{
    public static Point3 operator +(Point3 a, Point3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Point3 operator -(Point3 a, Point3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Point3 operator *(Point3 a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);

    public static Point3 Add(Point3 left, Point3 right) => left + right;

    public static Point3 Subtract(Point3 left, Point3 right) => left - right;

    public static Point3 Multiply(Point3 left, double right) => left * right;

    public double Dot(Point3 other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    public Point3 Cross(Point3 other) => new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

    public double Length() => Math.Sqrt(Dot(this));

    public bool IsFinite() => double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(Z);
}
