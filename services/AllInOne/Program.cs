using BoneMet.ClinicalScoring;
using BoneMet.CohortAnalysis;
using BoneMet.DicomIngestion;
using BoneMet.FeatureExtraction;
using BoneMet.Gateway;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation;
using BoneMet.PathologyTiling;

var builder = ServiceHost.CreateBuilder(args);
builder.AddHosting("all-in-one");
builder.AddGateway();
builder.AddDicomIngestion();
builder.AddPathologyTiling();
builder.AddFeatureExtraction();
builder.AddClinicalScoring();
builder.AddNomogramAggregation();
builder.AddCohortAnalysis();
builder.AddBus(
    bus => bus.AddGatewayConsumers(),
    bus => bus.AddDicomIngestionConsumers(),
    bus => bus.AddPathologyTilingConsumers(),
    bus => bus.AddFeatureExtractionConsumers(),
    bus => bus.AddClinicalScoringConsumers(),
    bus => bus.AddNomogramAggregationConsumers(),
    bus => bus.AddCohortAnalysisConsumers());
var app = builder.Build();
app.MapHosting();
app.MapGateway();
app.MapDicomIngestion();
app.MapPathologyTiling();
app.MapFeatureExtraction();
app.MapClinicalScoring();
app.MapNomogramAggregation();
app.MapCohortAnalysis();
await app.RunService();
