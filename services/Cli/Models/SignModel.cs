using System.CommandLine;
using System.Security.Cryptography;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class SignModel
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Model document; the signature is written into it" };
        var key = new Option<string>("--key") { Description = "Private key (base64 of 32 bytes); made, readable by its owner only, when the file is not there", Required = true };
        var command = new Command("sign", "Sign a document with Ed25519") { file, key };
        command.SetAction(parse => ModelConsole.Run(() =>
        {
            var path = parse.GetValue(file)!;
            var load = ModelFile.Load(File.ReadAllBytes(path));
            if (load.Model is not { } model) { throw new ModelCommandException($"{path} has faults and is not signed: {string.Join("; ", load.Faults)}"); }
            var signed = ModelSigning.Sign(model, Key(parse.GetValue(key)!));
            File.WriteAllText(path, ModelFile.Save(signed));
            Console.WriteLine($"{signed.Id} {signed.Version} signed by key {signed.Signature!.KeyId} (public key {signed.Signature.PublicKey})");
            return 0;
        }));
        return command;
    }

    /// <summary>The private key of a file; made when the file is not there.</summary>
    public static byte[] Key(string path)
    {
        if (!File.Exists(path))
        {
            var made = ModelSigning.NewKey();
            using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            using var writer = new StreamWriter(stream);
            writer.WriteLine(Convert.ToBase64String(made));
            Console.Error.WriteLine($"note: {path} is a new private key; keep it");
            return made;
        }
        try
        {
            var key = Convert.FromBase64String(File.ReadAllText(path).Trim());
            ModelSigning.PublicKey(key);
            return key;
        }
        catch (Exception error) when (error is FormatException or CryptographicException)
        {
            throw new ModelCommandException($"{path} is not a private key: base64 of 32 bytes is needed");
        }
    }
}
