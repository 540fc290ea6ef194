using BoneMet.Hosting;
using BoneMet.DicomIngestion;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("dicom-ingestion");
builder.AddDicomIngestion();
builder.AddBus(bus => bus.AddDicomIngestionConsumers());
var app = builder.Build();
app.MapHosting();
app.MapDicomIngestion();
await app.RunService();
