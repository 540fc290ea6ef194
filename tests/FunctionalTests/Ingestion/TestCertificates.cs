using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>An authority, and certificates that it issues, as files: PEM for dcmtk, PKCS#12 for our server.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string folder;
    private readonly X509Certificate2 authority;

    public TestCertificates(string folder, string name)
    {
        this.folder = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        using var key = RSA.Create(3072);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        AuthorityFile = Write("authority.pem", authority.ExportCertificatePem());
    }

    public string AuthorityFile { get; }

    public void Dispose() => authority.Dispose();

    /// <summary>Files of a new certificate: certificate, private key, both with PKCS#12.</summary>
    public (string Certificate, string Key, string Pkcs12) Issue(string name)
    {
        using var key = RSA.Create(3072);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName("localhost");
        alternatives.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        using var issued = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(12));
        using var own = issued.CopyWithPrivateKey(key);
        var pkcs12 = Path.Combine(folder, $"{name}.p12");
        File.WriteAllBytes(pkcs12, own.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "secret"));
        return (Write($"{name}.pem", issued.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()), pkcs12);
    }

    private string Write(string name, string pem)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, pem + "\n");
        return path;
    }
}
