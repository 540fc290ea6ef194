namespace BoneMet.Dicom;

/// <summary>A transfer syntax of PS3.5 section 10: how data set and pixels are encoded.</summary>
public sealed record DicomTransferSyntax
{
    private static readonly Dictionary<string, DicomTransferSyntax> s_known = new(StringComparer.Ordinal);

    private DicomTransferSyntax(string uid, string name, PixelEncoding pixels, bool explicitVr = true, bool bigEndian = false, bool deflated = false, bool lossy = false, bool known = true)
    {
        (UID, Name, Pixels, IsExplicitVR, IsBigEndian, IsDeflated, IsLossy, IsKnown) = (new DicomUID(uid), name, pixels, explicitVr, bigEndian, deflated, lossy, known);
        if (known) { s_known[uid] = this; }
    }

    public static DicomTransferSyntax ImplicitVRLittleEndian { get; } = new("1.2.840.10008.1.2", "Implicit VR Little Endian", PixelEncoding.Native, explicitVr: false);
    public static DicomTransferSyntax ExplicitVRLittleEndian { get; } = new("1.2.840.10008.1.2.1", "Explicit VR Little Endian", PixelEncoding.Native);
    public static DicomTransferSyntax EncapsulatedUncompressed { get; } = new("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", PixelEncoding.EncapsulatedNative);
    public static DicomTransferSyntax DeflatedExplicitVRLittleEndian { get; } = new("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", PixelEncoding.Native, deflated: true);
    public static DicomTransferSyntax ExplicitVRBigEndian { get; } = new("1.2.840.10008.1.2.2", "Explicit VR Big Endian", PixelEncoding.Native, bigEndian: true);
    public static DicomTransferSyntax JPEGProcess1 { get; } = new("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", PixelEncoding.Jpeg, lossy: true);
    public static DicomTransferSyntax JPEGProcess2_4 { get; } = new("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)", PixelEncoding.Jpeg, lossy: true);
    public static DicomTransferSyntax JPEGProcess6_8 { get; } = new("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection (Process 6 and 8)", PixelEncoding.Jpeg, lossy: true);
    public static DicomTransferSyntax JPEGProcess10_12 { get; } = new("1.2.840.10008.1.2.4.55", "JPEG Full Progression (Process 10 and 12)", PixelEncoding.Jpeg, lossy: true);
    public static DicomTransferSyntax JPEGProcess14 { get; } = new("1.2.840.10008.1.2.4.57", "JPEG Lossless (Process 14)", PixelEncoding.Jpeg);
    public static DicomTransferSyntax JPEGProcess14SV1 { get; } = new("1.2.840.10008.1.2.4.70", "JPEG Lossless (Process 14, Selection Value 1)", PixelEncoding.Jpeg);
    public static DicomTransferSyntax JPEGLSLossless { get; } = new("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", PixelEncoding.JpegLs);
    public static DicomTransferSyntax JPEGLSNearLossless { get; } = new("1.2.840.10008.1.2.4.81", "JPEG-LS Near-lossless", PixelEncoding.JpegLs, lossy: true);
    public static DicomTransferSyntax JPEG2000Lossless { get; } = new("1.2.840.10008.1.2.4.90", "JPEG 2000 (Lossless Only)", PixelEncoding.Jpeg2000);
    public static DicomTransferSyntax JPEG2000Lossy { get; } = new("1.2.840.10008.1.2.4.91", "JPEG 2000", PixelEncoding.Jpeg2000, lossy: true);
    public static DicomTransferSyntax JPEG2000Part2Lossless { get; } = new("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 (Lossless Only)", PixelEncoding.Jpeg2000);
    public static DicomTransferSyntax JPEG2000Part2 { get; } = new("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2", PixelEncoding.Jpeg2000, lossy: true);
    public static DicomTransferSyntax MPEG2 { get; } = new("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level", PixelEncoding.Video, lossy: true);
    public static DicomTransferSyntax MPEG2MainProfileHighLevel { get; } = new("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level", PixelEncoding.Video, lossy: true);
    public static DicomTransferSyntax MPEG4AVCH264HighProfileLevel41 { get; } = new("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", PixelEncoding.Video, lossy: true);
    public static DicomTransferSyntax MPEG4AVCH264BDCompatible { get; } = new("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", PixelEncoding.Video, lossy: true);
    public static DicomTransferSyntax HEVCMainProfile { get; } = new("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1", PixelEncoding.Video, lossy: true);
    public static DicomTransferSyntax HEVCMain10Profile { get; } = new("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", PixelEncoding.Video, lossy: true);
    public static DicomTransferSyntax HTJ2KLossless { get; } = new("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 (Lossless Only)", PixelEncoding.Jpeg2000);
    public static DicomTransferSyntax HTJ2KLosslessRPCL { get; } = new("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)", PixelEncoding.Jpeg2000);
    public static DicomTransferSyntax HTJ2K { get; } = new("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", PixelEncoding.Jpeg2000, lossy: true);
    public static DicomTransferSyntax RLELossless { get; } = new("1.2.840.10008.1.2.5", "RLE Lossless", PixelEncoding.Rle);
    public static DicomTransferSyntax DeflatedImageFrame { get; } = new("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression", PixelEncoding.DeflatedFrame);

    public DicomUID UID { get; }

    public string Name { get; }

    /// <summary>How a frame's samples are coded.</summary>
    public PixelEncoding Pixels { get; }

    public bool IsExplicitVR { get; }

    public bool IsBigEndian { get; }

    /// <summary>The whole data set is deflated.</summary>
    public bool IsDeflated { get; }

    /// <summary>The syntax allows pixels to change.</summary>
    public bool IsLossy { get; }

    /// <summary>Pixel data come in fragments.</summary>
    public bool IsEncapsulated => Pixels != PixelEncoding.Native;

    /// <summary>False for a UID that the standard's table lacks (or a private one): the data set is read as explicit little endian, pixels cannot be decoded.</summary>
    public bool IsKnown { get; }

    /// <summary>All known transfer syntaxes.</summary>
    public static IReadOnlyCollection<DicomTransferSyntax> All => s_known.Values;

    /// <summary>The known transfer syntax of a UID, or null.</summary>
    public static DicomTransferSyntax? Find(string uid) => s_known.GetValueOrDefault(uid);

    /// <summary>The transfer syntax of a UID; an unknown one is taken as explicit little endian with unknown pixel coding, as PS3.5 section 10 requires of new ones.</summary>
    public static DicomTransferSyntax Lookup(string uid) => Find(uid) ?? new(uid, "unknown transfer syntax", PixelEncoding.Unknown, known: false);

    public bool Equals(DicomTransferSyntax? other) => other is not null && UID == other.UID;

    public override int GetHashCode() => UID.GetHashCode();

    public override string ToString() => $"{Name} [{UID.UID}]";
}
