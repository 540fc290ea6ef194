using System.CommandLine;
using BoneMet.Dicom;
using BoneMet.Dicom.Network;

namespace BoneMet.Cli.Dicom;

/// <summary>bonemet dicom echo, send, find, get and move: our SCU.</summary>
internal static class NetworkCommands
{
    private const int MostClasses = 126;

    /// <summary>One association takes 127 contexts, so what belongs to no patient's images and reports is not offered.</summary>
    private static readonly string[] NotFetched = ["Protocol", "Radiation ", "Instruction", "Inventory", "Waveform", "Template", "Directory"];

    public static Command Echo()
    {
        var peer = new PeerArguments();
        var command = new Command("echo", "Ask a peer whether it answers (C-ECHO)");
        peer.AddTo(command);
        command.SetAction((parsed, cancellation) => peer.With(parsed, DicomClient.ContextsFor(DicomUID.Verification.UID), async client =>
        {
            var status = await client.Echo(cancellation);
            Console.WriteLine(status.IsSuccess ? $"{client.Association.CalledAE} answers" : $"{client.Association.CalledAE} answers with status {status}");
            return status.IsSuccess ? 0 : 1;
        }, cancellation));
        return command;
    }

    public static Command Send()
    {
        var peer = new PeerArguments();
        var paths = new Argument<string[]>("PATH") { Description = "DICOM files or folders", Arity = ArgumentArity.OneOrMore };
        var command = new Command("send", "Send objects to a peer (C-STORE): images, reports, structured reports");
        peer.AddTo(command);
        command.Add(paths);
        command.SetAction((parsed, cancellation) => Send(parsed, peer, parsed.GetValue(paths)!, cancellation));
        return command;
    }

    public static Command Find()
    {
        var peer = new PeerArguments();
        var query = new QueryArguments("Attribute to match or return: PatientID=P1, StudyDate, 0020000D=1.2.3");
        var command = new Command("find", "Search a peer (C-FIND, study root)");
        peer.AddTo(command);
        query.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            if (query.Read(parsed, out var identifier) is { } problem) { return Task.FromResult(PeerArguments.Refuse(problem)); }
            return peer.With(parsed, DicomClient.ContextsFor(DicomUID.StudyRootQueryRetrieveFind.UID), async client =>
            {
                var count = 0;
                await foreach (var match in client.Find(identifier, cancellation))
                {
                    Console.WriteLine(DicomJson.ToJson(match));
                    count++;
                }
                Console.Error.WriteLine($"{count} match(es)");
                return 0;
            }, cancellation);
        });
        return command;
    }

    public static Command Get()
    {
        var peer = new PeerArguments();
        var query = new QueryArguments("UIDs of what to get: StudyInstanceUID=1.2.3");
        var folder = new Option<string>("--out") { Description = "Folder for the files", DefaultValueFactory = _ => "." };
        var command = new Command("get", "Fetch objects from a peer on the same association (C-GET, study root)");
        peer.AddTo(command);
        query.AddTo(command);
        command.Add(folder);
        command.SetAction((parsed, cancellation) =>
        {
            if (query.Read(parsed, out var identifier) is { } problem) { return Task.FromResult(PeerArguments.Refuse(problem)); }
            // The peer stores to us: the storage classes are offered in the role of its SCP.
            var classes = DicomUID.StorageSOPClasses.Where(sopClass => !NotFetched.Any(sopClass.Name!.Contains)).Take(MostClasses).Select(sopClass => sopClass.UID).ToArray();
            var target = Directory.CreateDirectory(parsed.GetValue(folder)!).FullName;
            return peer.With(parsed, DicomClient.ContextsFor([DicomUID.StudyRootQueryRetrieveGet.UID, .. classes]), async client =>
            {
                var (status, completed, failed) = await client.Get(identifier, async (received, instance) =>
                {
                    await Write(received, Path.Combine(target, $"{FileName(instance)}.dcm"), cancellation);
                    return DicomStatus.Success;
                }, cancellation);
                Console.WriteLine($"status {status}: {completed} received, {failed} failed");
                return status.IsSuccess ? 0 : 1;
            }, cancellation, classes.ToDictionary(sopClass => sopClass, _ => (false, true)));
        });
        return command;
    }

    public static Command Move()
    {
        var peer = new PeerArguments();
        var query = new QueryArguments("UIDs of what to move: StudyInstanceUID=1.2.3");
        var destination = new Option<string>("--to") { Description = "AE title that the peer sends to", Required = true };
        var command = new Command("move", "Let a peer send objects to a third (C-MOVE, study root)");
        peer.AddTo(command);
        query.AddTo(command);
        command.Add(destination);
        command.SetAction((parsed, cancellation) =>
        {
            if (query.Read(parsed, out var identifier) is { } problem) { return Task.FromResult(PeerArguments.Refuse(problem)); }
            return peer.With(parsed, DicomClient.ContextsFor(DicomUID.StudyRootQueryRetrieveMove.UID), async client =>
            {
                var (status, completed, failed) = await client.Move(identifier, parsed.GetValue(destination)!, cancellation);
                Console.WriteLine($"status {status}: {completed} sent, {failed} failed");
                return status.IsSuccess ? 0 : 1;
            }, cancellation);
        });
        return command;
    }

    private static async Task<int> Send(ParseResult parsed, PeerArguments peer, string[] paths, CancellationToken cancellation)
    {
        var items = new List<(string Path, DicomRetrieveItem Item)>();
        var code = DicomFiles.ForEach(paths.SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : (IEnumerable<string>)[path]), path =>
        {
            var file = DicomFile.Open(path, new DicomReadOptions { StopBefore = DicomTag.StudyDate });
            var (sopClass, instance) = (file.Dataset.GetSingleValueOrDefault(DicomTag.SOPClassUID, ""), file.Dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, ""));
            if (sopClass.Length == 0 || instance.Length == 0) { throw new DicomException("has no SOP Class or Instance UID, so it cannot be sent"); }
            items.Add((path, new DicomRetrieveItem(sopClass, instance, file.TransferSyntax.UID.UID, _ => Task.FromResult(DicomFile.Open(path)))));
        });
        if (items.Count == 0) { return code == 0 ? PeerArguments.Refuse("there is nothing to send") : code; }
        var sent = await peer.With(parsed, DicomClient.ContextsFor(items.Select(item => item.Item)), async client =>
        {
            var (done, failed) = (0, 0);
            foreach (var (path, item) in items)
            {
                var status = await client.Store(item, cancellation: cancellation);
                if (status.IsDone) { done++; }
                else
                {
                    failed++;
                    DicomFiles.Report(path, $"not stored, status {status}");
                }
            }
            Console.WriteLine($"{done} sent, {failed} failed");
            return failed == 0 ? 0 : 1;
        }, cancellation);
        return sent != 0 ? sent : code;
    }

    /// <summary>The peer chose the instance's UID: only what a UID can hold becomes part of a path.</summary>
    private static string FileName(string instance) => instance.Length is > 0 and <= 64 && instance.All(letter => char.IsAsciiDigit(letter) || letter == '.') && !instance.StartsWith('.') ? instance : Guid.NewGuid().ToString("N");

    private static async Task Write(ReceivedObject received, string path, CancellationToken cancellation)
    {
        if (received.Path is { } temporary) { File.Copy(temporary, path, overwrite: true); }
        else { await File.WriteAllBytesAsync(path, received.Memory, cancellation); }
    }
}
