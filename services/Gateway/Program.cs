using BoneMet.Hosting;
using BoneMet.Gateway;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("gateway");
builder.AddGateway();
builder.AddBus(bus => bus.AddGatewayConsumers());
var app = builder.Build();
app.MapHosting();
app.MapGateway();
await app.RunService();
