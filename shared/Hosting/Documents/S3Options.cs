using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

/// <summary>The object store, when Storage:Blobs is S3.</summary>
public sealed class S3Options
{
    public const string Section = "Storage:S3";

    /// <summary>Endpoint of MinIO, Ceph or another S3; empty for AWS itself.</summary>
    [Url] public string? ServiceUrl { get; set; }
    [Required, RegularExpression("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] public string Bucket { get; set; } = "bonemet";
    [Required] public string Region { get; set; } = "us-east-1";

    /// <summary>Empty: the environment's own credentials (role, profile).</summary>
    public string? AccessKey { get; set; }
    public string? SecretKey { get; set; }

    /// <summary>Size of the cache on this machine, in MiB.</summary>
    [Range(64, 1 << 24)] public int CacheMiB { get; set; } = 10_240;
}
