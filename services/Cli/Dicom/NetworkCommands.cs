using System.CommandLine;
using BoneMet.Dicom;
using BoneMet.Dicom.Network;

namespace BoneMet.Cli.Dicom;

/// <summary>bonemet dicom echo, send, find and move: our SCU.</summary>
internal static class NetworkCommands
{
    private const int Bad = 2;
    private static readonly Option<string> Calling = new("--aet") { Description = "Our AE title", DefaultValueFactory = _ => "BONEMET" };

    public static Command Echo()
    {
        var peer = Peer();
        var command = new Command("echo", "Ask a peer whether it answers (C-ECHO)") { peer, Calling };
        command.SetAction((parsed, cancellation) => With(parsed.GetValue(peer)!, parsed.GetValue(Calling)!, DicomClient.ContextsFor(DicomUID.Verification.UID), async client =>
        {
            var status = await client.Echo(cancellation);
            Console.WriteLine(status.IsSuccess ? $"{client.Association.CalledAE} answers" : $"{client.Association.CalledAE} answers with status {status}");
            return status.IsSuccess ? 0 : 1;
        }, cancellation));
        return command;
    }

    public static Command Send()
    {
        var peer = Peer();
        var paths = new Argument<string[]>("PATH") { Description = "DICOM files or folders", Arity = ArgumentArity.OneOrMore };
        var command = new Command("send", "Send objects to a peer (C-STORE): images, reports, structured reports") { peer, paths, Calling };
        command.SetAction((parsed, cancellation) => Send(parsed.GetValue(peer)!, parsed.GetValue(Calling)!, parsed.GetValue(paths)!, cancellation));
        return command;
    }

    public static Command Find()
    {
        var peer = Peer();
        var level = new Option<string>("--level") { Description = "STUDY, SERIES or IMAGE", DefaultValueFactory = _ => "STUDY" };
        var keys = new Option<string[]>("-k", "--key") { Description = "Attribute to match or return: PatientID=P1, StudyDate, 0020000D=1.2.3" };
        var command = new Command("find", "Search a peer (C-FIND, study root)") { peer, level, keys, Calling };
        command.SetAction((parsed, cancellation) =>
        {
            if (Query(parsed.GetValue(level)!, parsed.GetValue(keys) ?? [], out var query) is { } problem) { return Task.FromResult(Refuse(problem)); }
            return With(parsed.GetValue(peer)!, parsed.GetValue(Calling)!, DicomClient.ContextsFor(DicomUID.StudyRootQueryRetrieveFind.UID), async client =>
            {
                var count = 0;
                await foreach (var match in client.Find(query, cancellation))
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

    public static Command Move()
    {
        var peer = Peer();
        var level = new Option<string>("--level") { Description = "STUDY, SERIES or IMAGE", DefaultValueFactory = _ => "STUDY" };
        var keys = new Option<string[]>("-k", "--key") { Description = "UIDs of what to move: StudyInstanceUID=1.2.3" };
        var destination = new Option<string>("--to") { Description = "AE title that the peer sends to", Required = true };
        var command = new Command("move", "Let a peer send objects to a third (C-MOVE, study root)") { peer, level, keys, destination, Calling };
        command.SetAction((parsed, cancellation) =>
        {
            if (Query(parsed.GetValue(level)!, parsed.GetValue(keys) ?? [], out var query) is { } problem) { return Task.FromResult(Refuse(problem)); }
            return With(parsed.GetValue(peer)!, parsed.GetValue(Calling)!, DicomClient.ContextsFor(DicomUID.StudyRootQueryRetrieveMove.UID), async client =>
            {
                var (status, completed, failed) = await client.Move(query, parsed.GetValue(destination)!, cancellation);
                Console.WriteLine($"status {status}: {completed} sent, {failed} failed");
                return status.IsSuccess ? 0 : 1;
            }, cancellation);
        });
        return command;
    }

    private static Argument<string> Peer() => new("PEER") { Description = "AET@host:port, with +tls at the end for TLS" };

    private static async Task<int> Send(string peer, string calling, string[] paths, CancellationToken cancellation)
    {
        var items = new List<(string Path, DicomRetrieveItem Item)>();
        var code = DicomFiles.ForEach(paths.SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : (IEnumerable<string>)[path]), path =>
        {
            var file = DicomFile.Open(path, new DicomReadOptions { StopBefore = DicomTag.StudyDate });
            var (sopClass, instance) = (file.Dataset.GetSingleValueOrDefault(DicomTag.SOPClassUID, ""), file.Dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, ""));
            if (sopClass.Length == 0 || instance.Length == 0) { throw new DicomException("has no SOP Class or Instance UID, so it cannot be sent"); }
            items.Add((path, new DicomRetrieveItem(sopClass, instance, file.TransferSyntax.UID.UID, _ => Task.FromResult(DicomFile.Open(path)))));
        });
        if (items.Count == 0) { return code == 0 ? Refuse("there is nothing to send") : code; }
        var sent = await With(peer, calling, DicomClient.ContextsFor(items.Select(item => item.Item)), async client =>
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

    private static string? Query(string level, string[] keys, out DicomDataset query)
    {
        query = new DicomDataset();
        var wanted = level.ToUpperInvariant();
        if (wanted is not ("STUDY" or "SERIES" or "IMAGE")) { return $"--level must be STUDY, SERIES or IMAGE, not '{level}'"; }
        query.AddOrUpdate(DicomTag.QueryRetrieveLevel, wanted);
        foreach (var key in (string[])["StudyInstanceUID", .. keys])
        {
            var equals = key.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? key : key[..equals];
            if (!DicomTag.TryParse(name, out var tag)) { return $"'{name}' is no DICOM attribute"; }
            if (equals < 0) { query.AddOrUpdateEmpty(tag.Value); }
            else { query.AddOrUpdate<string>(tag.Value, key[(equals + 1)..].Split('\\')); }
        }
        return null;
    }

    private static async Task<int> With(string peer, string calling, IReadOnlyList<DicomPresentationContext> contexts, Func<DicomClient, Task<int>> action, CancellationToken cancellation)
    {
        if (!DicomPeer.TryParse(peer, out var known)) { return Refuse($"'{peer}' is no peer: give AET@host:port"); }
        if (calling.Length is 0 or > 16) { return Refuse("--aet must have 1 to 16 characters"); }
        try
        {
            await using var client = await DicomClient.Connect(known, calling, contexts, cancellation: cancellation);
            var code = await action(client);
            await client.Release(cancellation);
            return code;
        }
        catch (DicomException fault)
        {
            return Refuse(fault.Message);
        }
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine($"bonemet: {reason}");
        return Bad;
    }
}
