using BoneMet.Hosting;
using BoneMet.NomogramAggregation;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("nomogram-aggregation");
builder.AddNomogramAggregation();
builder.AddBus(bus => bus.AddNomogramAggregationConsumers());
var app = builder.Build();
app.MapHosting();
app.MapNomogramAggregation();
await app.RunService();
