using BoneMet.Hosting;
using BoneMet.CohortAnalysis;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("cohort-analysis");
builder.AddCohortAnalysis();
builder.AddBus(bus => bus.AddCohortAnalysisConsumers());
var app = builder.Build();
app.MapHosting();
app.MapCohortAnalysis();
await app.RunService();
