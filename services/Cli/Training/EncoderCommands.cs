using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Contracts.Encoders;
using Spectre.Console;

namespace BoneMet.Cli.Training;

/// <summary>`bonemet encoder …`: the registry of image encoders in a data folder. Services read it when they start.</summary>
internal static class EncoderCommands
{
    private const string PrivateKey = "encoder-signing.key.pem";
    private const string PublicKey = "encoder-signing.pub.pem";
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create() => new("encoder", "Image encoders: list, show, verify, sign, add, promote, retire")
    {
        List(), Show(), Verify(), KeyGen(), Sign(), Add(), Change("promote", "champion", "Let an encoder label cases"), Change("retire", "retired", "Let an encoder label no more cases"),
    };

    private static Command List()
    {
        var data = Data();
        var command = new Command("list", "What ships, and what the data folder holds") { data };
        command.SetAction((parsed, _) => Guarded(() =>
        {
            var own = Folder(parsed.GetValue(data)!);
            var trusted = Trusted(own);
            var table = new Table().Border(TableBorder.Simple).AddColumns("id", "version", "modality", "kind", "state", "licence", "file", "from");
            foreach (var package in EncoderPackageFile.In(Shipped())) { AddRow(table, package, package.ModelFault() ?? "sound", "shipped"); }
            foreach (var package in EncoderPackageFile.In(own)) { AddRow(table, package, package.ModelFault() ?? package.SignatureFault(trusted) ?? "sound", "added"); }
            AnsiConsole.Write(table);
            return 0;
        }));
        return command;

        static void AddRow(Table table, EncoderPackageFile package, string state, string from) => table.AddRow(
            [.. new[] { package.Id, package.Version, package.Modality, package.Kind, package.State, package.Licence, state, from }.Select(Markup.Escape)]);
    }

    private static Command Show()
    {
        var (data, id) = (Data(), Id());
        var command = new Command("show", "The card of an encoder") { id, data };
        command.SetAction((parsed, _) => Guarded(() =>
        {
            var package = Find(parsed.GetValue(id)!, parsed.GetValue(data)!);
            Console.WriteLine(JsonSerializer.Serialize(package.Card, Indented));
            return 0;
        }));
        return command;
    }

    private static Command Verify()
    {
        var card = Card();
        var trusted = new Option<string>("--trusted") { Description = "Folder of trusted public keys (*.pem)", Required = true, HelpName = "DIR" };
        var command = new Command("verify", "Check a package: card, licence, digest of the file, signature") { card, trusted };
        command.SetAction((parsed, _) => Guarded(() =>
        {
            var package = EncoderPackageFile.Read(parsed.GetValue(card)!);
            var fault = package.ModelFault() ?? package.SignatureFault(Keys(parsed.GetValue(trusted)!));
            if (fault is null)
            {
                Console.WriteLine($"{package.Id} {package.Version}: sound, signed by a trusted key, {package.Licence}");
                return 0;
            }
            Console.Error.WriteLine($"bonemet: {package.Id} {package.Version}: {fault}");
            return 1;
        }));
        return command;
    }

    private static Command KeyGen()
    {
        var folder = new Option<string>("--out") { Description = "Folder for the key pair", Required = true, HelpName = "DIR" };
        var command = new Command("keygen", "Make a key pair for signing encoders") { folder };
        command.SetAction((parsed, _) => Guarded(() =>
        {
            var target = Directory.CreateDirectory(parsed.GetValue(folder)!).FullName;
            var path = Path.Combine(target, PrivateKey);
            if (File.Exists(path)) { throw new TrainingFailure($"{path} exists already; a key is never overwritten."); }
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using (var file = new StreamWriter(new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })))
            {
                file.WriteLine(key.ExportPkcs8PrivateKeyPem());
            }
            File.WriteAllText(Path.Combine(target, PublicKey), key.ExportSubjectPublicKeyInfoPem() + "\n");
            Console.WriteLine($"{path} (keep it secret) and {Path.Combine(target, PublicKey)}; fingerprint {CardSignature.Fingerprint(key)}");
            return 0;
        }));
        return command;
    }

    private static Command Sign()
    {
        var card = Card();
        var key = new Option<string>("--key") { Description = "Private key (PEM)", Required = true, HelpName = "FILE" };
        var command = new Command("sign", "Sign a package, after checking that its file is the one that its card names") { card, key };
        command.SetAction((parsed, _) => Guarded(() =>
        {
            var package = EncoderPackageFile.Read(parsed.GetValue(card)!);
            if (package.ModelFault() is { } fault) { throw new TrainingFailure($"{package.Id}: {fault}; it is not signed."); }
            using var signer = ECDsa.Create();
            try { signer.ImportFromPem(File.ReadAllText(parsed.GetValue(key)!)); }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException) { throw new TrainingFailure($"--key {parsed.GetValue(key)}: {exception.Message}"); }
            var target = CardSignature.PathFor(package.Path);
            File.WriteAllBytes(target, CardSignature.Sign(package.Bytes, signer).Write());
            Console.WriteLine(target);
            return 0;
        }));
        return command;
    }

    private static Command Add()
    {
        var (card, data) = (Card(), Data());
        var trust = new Option<string?>("--trust") { Description = "Public key to trust from now on", HelpName = "FILE" };
        var research = new Option<bool>("--non-commercial") { Description = "Accept a licence that forbids commercial use" };
        var command = new Command("add", "Add a signed package to the data folder, as a candidate") { card, data, trust, research };
        command.SetAction((parsed, _) => Guarded(() =>
        {
            var package = EncoderPackageFile.Read(parsed.GetValue(card)!);
            var own = Directory.CreateDirectory(Folder(parsed.GetValue(data)!)).FullName;
            var trusted = Directory.CreateDirectory(Path.Combine(own, "trusted")).FullName;
            if (parsed.GetValue(trust) is { } key)
            {
                if (!File.Exists(key)) { throw new TrainingFailure($"--trust {key}: there is no such file."); }
                var content = File.ReadAllBytes(key);
                File.WriteAllBytes(Path.Combine(trusted, Convert.ToHexStringLower(SHA256.HashData(content))[..16] + ".pem"), content);
            }
            if (package.ModelFault() is { } altered) { throw new TrainingFailure($"{package.Id}: {altered}; it is not added."); }
            if (package.SignatureFault(Keys(trusted)) is { } unsigned) { throw new TrainingFailure($"{package.Id}: {unsigned}; it is not added (`bonemet encoder sign`, `--trust`)."); }
            if (!package.Commercial && !parsed.GetValue(research)) { throw new TrainingFailure($"{package.Id}: its licence {package.Licence} forbids commercial use; --non-commercial accepts that."); }
            if (EncoderPackageFile.In(own).Concat(EncoderPackageFile.In(Shipped())).Any(known => known.Id == package.Id)) { throw new TrainingFailure($"{package.Id} is here already; a new version needs a new id."); }
            // The card comes last: a service that starts meanwhile sees the whole package or none of it.
            Copy(package.ModelPath, own);
            Copy(CardSignature.PathFor(package.Path), own);
            File.WriteAllText(Path.Combine(own, Path.GetFileName(package.StatePath)), "candidate\n");
            Copy(package.Path, own);
            Console.WriteLine($"{package.Id} {package.Version} is added as a candidate; `bonemet encoder promote {package.Id}` lets it label cases after the next start.");
            return 0;
        }));
        return command;

        static void Copy(string file, string folder) => File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
    }

    private static Command Change(string name, string state, string description)
    {
        var (data, id) = (Data(), Id());
        var command = new Command(name, description + ", from the next start of the service") { id, data };
        command.SetAction((parsed, _) => Guarded(() =>
        {
            var own = Folder(parsed.GetValue(data)!);
            var package = EncoderPackageFile.In(own).FirstOrDefault(known => known.Id == parsed.GetValue(id))
                ?? throw new TrainingFailure($"there is no encoder {parsed.GetValue(id)} in {own}.");
            File.WriteAllText(package.StatePath, state + "\n");
            Console.WriteLine($"{package.Id} {package.Version} is {state}.");
            return 0;
        }));
        return command;
    }

    private static Option<string> Data() => new("--data") { Description = "Data folder of the installation", DefaultValueFactory = _ => "data", HelpName = "DIR" };

    private static Argument<string> Id() => new("id") { Description = "Encoder" };

    private static Argument<string> Card() => new("card") { Description = "ID.card.json, with its ONNX file beside it" };

    private static string Folder(string data) => Path.Combine(data, "encoders");

    private static string Shipped() => Path.Combine(PythonJob.Root() ?? AppContext.BaseDirectory, "services", "FeatureExtraction", "Encoders");

    private static IReadOnlyList<ECDsa> Trusted(string own) => Keys(Path.Combine(own, "trusted"));

    private static IReadOnlyList<ECDsa> Keys(string folder)
    {
        try { return CardSignature.Trusted(folder); }
        catch (FormatException exception) { throw new TrainingFailure(exception.Message); }
    }

    private static EncoderPackageFile Find(string id, string data) =>
        EncoderPackageFile.In(Folder(data)).Concat(EncoderPackageFile.In(Shipped())).FirstOrDefault(known => known.Id == id) ?? throw new TrainingFailure($"there is no encoder {id}.");

    private static Task<int> Guarded(Func<int> command) => TrainingFailure.Guard(() => Task.FromResult(command()));
}
