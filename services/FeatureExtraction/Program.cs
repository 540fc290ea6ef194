using BoneMet.Hosting;
using BoneMet.FeatureExtraction;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("feature-extraction");
builder.AddFeatureExtraction();
builder.AddBus(bus => bus.AddFeatureExtractionConsumers());
var app = builder.Build();
app.MapHosting();
app.MapFeatureExtraction();
await app.RunService();
