using System.Text.Json;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

/// <summary>What all model commands say in the same way.</summary>
internal static class ModelConsole
{
    private const int BadInput = 2;

    /// <summary>Folder of published models; BONEMET_MODELS, else .bonemet/models in the home folder.</summary>
    public static string PublishedFolder =>
        Environment.GetEnvironmentVariable("BONEMET_MODELS") is { Length: > 0 } folder ? folder : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".bonemet", "models");

    /// <summary>Runs a command; bad input is a sentence on standard error and exit code 2.</summary>
    public static int Run(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (FileNotFoundException missing)
        {
            Console.Error.WriteLine($"model: there is no file {missing.FileName}");
            return BadInput;
        }
        catch (Exception error) when (error is ModelCommandException or InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException or JsonException)
        {
            Console.Error.WriteLine($"model: {error.Message}");
            return BadInput;
        }
    }

    /// <summary>Built-in models and those published on this machine.</summary>
    public static ModelLibrary Library()
    {
        if (!Directory.Exists(PublishedFolder)) { return ModelLibrary.BuiltIn; }
        return ModelLibrary.BuiltIn.With(Directory.GetFiles(PublishedFolder, "*.json").Order(StringComparer.Ordinal).Select(path => new CompiledModel(Read(path))));
    }

    /// <summary>A model by id (optionally "id@version") or by file.</summary>
    public static CompiledModel Find(string idOrFile)
    {
        if (File.Exists(idOrFile)) { return new CompiledModel(Read(idOrFile)); }
        var parts = idOrFile.Split('@', 2);
        return Library().Find(parts[0], parts.Length > 1 ? parts[1] : null)
            ?? throw new ModelCommandException($"there is no model '{idOrFile}', and no file of that name; 'bonemet model list' names them");
    }

    /// <summary>A model document; every fault goes to standard error. A signature that does not fit is refused.</summary>
    public static RiskModel Read(string path)
    {
        var load = ModelFile.Load(File.ReadAllBytes(path));
        if (load.Model is not { } model)
        {
            foreach (var fault in load.Faults) { Console.Error.WriteLine($"  {fault}"); }
            throw new ModelCommandException($"{path} has {load.Faults.Count} fault{(load.Faults.Count == 1 ? "" : "s")}");
        }
        return ModelSigning.Verify(model) == SignatureState.Tampered
            ? throw new ModelCommandException($"{path} was changed after it was signed: the signature by key {model.Signature!.KeyId} does not fit")
            : model;
    }

    /// <summary>Coded factors of a JSON file: the API's case ({"factors": [...]}), or the list itself.</summary>
    public static FactorFile Factors(string path, CompiledModel? model) => FactorFile.Read(path, model);
}
