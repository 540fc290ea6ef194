using BoneMet.CrashVictim;
using BoneMet.Hosting;
using BoneMet.Storage;

// A small service that the crash tests kill. It says on its standard output what it has acknowledged, as "saved ID", "stored SHA" or "consumed ID".
var builder = WebApplication.CreateBuilder(args);
builder.AddHosting("crash-victim");
builder.AddOutbox<Parcel>();
builder.AddDocuments<Arrival>();
builder.Services.AddHostedService<Sender>();
builder.Logging.ClearProviders();
builder.AddBus(bus => bus.AddParcelConsumer());
var app = builder.Build();
app.MapHosting();
await app.RunAsync();
