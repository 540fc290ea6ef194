using BoneMet.Hosting;
using BoneMet.ClinicalScoring;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("clinical-scoring");
builder.AddClinicalScoring();
builder.AddBus(bus => bus.AddClinicalScoringConsumers());
var app = builder.Build();
app.MapHosting();
app.MapClinicalScoring();
await app.RunService();
