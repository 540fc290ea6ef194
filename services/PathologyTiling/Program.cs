using BoneMet.Hosting;
using BoneMet.PathologyTiling;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("pathology-tiling");
builder.AddPathologyTiling();
builder.AddBus(bus => bus.AddPathologyTilingConsumers());
var app = builder.Build();
app.MapHosting();
app.MapPathologyTiling();
await app.RunService();
