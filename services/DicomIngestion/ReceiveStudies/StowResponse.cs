using System.Text.Json.Nodes;

namespace BoneMet.DicomIngestion.ReceiveStudies;

/// <summary>The response data set of PS3.18 10.5.3: what was stored, what failed and why, as DICOM JSON.</summary>
internal sealed class StowResponse
{
    /// <summary>PS3.4 CC.2.3: the SOP instance is there with other content.</summary>
    public const int DuplicateInstance = 0x0111;

    /// <summary>PS3.4 GG: the data set cannot be understood.</summary>
    public const int CannotUnderstand = 0xC000;

    /// <summary>PS3.7 C.4.1: not taken, since the object may show the patient's identity.</summary>
    public const int NotAuthorized = 0x0124;

    /// <summary>PS3.4 GG: its SOP class is not that of the request, or of another study.</summary>
    public const int DoesNotMatch = 0xA900;

    private readonly JsonArray stored = [];
    private readonly JsonArray failed = [];

    public bool AllStored => failed.Count == 0;

    public bool NoneStored => stored.Count == 0;

    public void Stored(string sopClassUid, string sopInstanceUid, Uri retrieve)
    {
        var item = Reference(sopClassUid, sopInstanceUid);
        item["00081190"] = Element("UR", retrieve.ToString());
        stored.Add(item);
    }

    public void Failed(string? sopClassUid, string? sopInstanceUid, int reason)
    {
        var item = Reference(sopClassUid, sopInstanceUid);
        item["00081197"] = new JsonObject { ["vr"] = "US", ["Value"] = new JsonArray(reason) };
        failed.Add(item);
    }

    public JsonObject ToJson()
    {
        var response = new JsonObject();
        if (failed.Count > 0) { response["00081198"] = new JsonObject { ["vr"] = "SQ", ["Value"] = failed.DeepClone() }; }
        if (stored.Count > 0) { response["00081199"] = new JsonObject { ["vr"] = "SQ", ["Value"] = stored.DeepClone() }; }
        return response;
    }

    private static JsonObject Reference(string? sopClassUid, string? sopInstanceUid)
    {
        var item = new JsonObject();
        if (sopClassUid is not null) { item["00081150"] = Element("UI", sopClassUid); }
        if (sopInstanceUid is not null) { item["00081155"] = Element("UI", sopInstanceUid); }
        return item;
    }

    private static JsonObject Element(string vr, string value) => new() { ["vr"] = vr, ["Value"] = new JsonArray(value) };
}
