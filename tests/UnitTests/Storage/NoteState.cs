namespace BoneMet.UnitTests.Storage;

internal enum NoteState
{
    Open,
    ClosedForGood,
}
