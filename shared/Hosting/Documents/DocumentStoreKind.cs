namespace BoneMet.Hosting;

public enum DocumentStoreKind
{
    Sqlite,
    MongoDb,
}
