using System.CommandLine;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class ValidateModel
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "Model documents", Arity = ArgumentArity.OneOrMore };
        var signed = new Option<bool>("--signed") { Description = "A missing signature is a fault, too" };
        var command = new Command("validate", "Check documents; every fault is listed with its JSON pointer") { files, signed };
        command.SetAction(parse => ModelConsole.Run(() => Validate(parse.GetValue(files)!, parse.GetValue(signed))));
        return command;
    }

    private static int Validate(string[] files, bool signed)
    {
        var bad = 0;
        foreach (var file in files)
        {
            var load = ModelFile.Load(File.ReadAllBytes(file));
            var faults = load.Faults.ToList();
            if (load.Model is { } model)
            {
                var state = ModelSigning.Verify(model);
                if (state == SignatureState.Tampered) { faults.Add(new("/signature", $"does not fit: the document was changed after key {model.Signature!.KeyId} signed it")); }
                if (state == SignatureState.Absent && signed) { faults.Add(new("/signature", "is missing")); }
            }
            if (faults.Count == 0)
            {
                Console.WriteLine($"{file}: good, {load.Model!.Id} {load.Model.Version}, sha256 {ModelFile.Sha256(load.Model)}, {(load.Model.Signature is { } signature ? $"signed by key {signature.KeyId}" : "not signed")}");
                continue;
            }
            bad++;
            Console.Error.WriteLine($"{file}: {faults.Count} fault{(faults.Count == 1 ? "" : "s")}");
            foreach (var fault in faults) { Console.Error.WriteLine($"  {fault}"); }
        }
        return bad == 0 ? 0 : 2;
    }
}
