using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

public sealed class DataOptions
{
    public const string Section = "Data";

    /// <summary>Folder of everything that must survive: <c>documents.db</c>, <c>blobs/</c>. Made when missing.</summary>
    [Required] public string Folder { get; set; } = "data";
}
