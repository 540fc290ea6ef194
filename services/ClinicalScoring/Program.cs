using BoneMet.Hosting;
using BoneMet.ClinicalScoring;

var builder = WebApplication.CreateBuilder(args);
builder.AddHosting("clinical-scoring");
builder.AddClinicalScoring();
builder.AddBus(bus => bus.AddClinicalScoringConsumers());
var app = builder.Build();
app.MapHosting();
app.MapClinicalScoring();
await app.RunAsync();
