using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction;

/// <summary>Image encoders in ONNX Runtime: from volumes and tiles to labels and embeddings.</summary>
public static class FeatureExtractionModule
{
    public static void AddFeatureExtraction(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<InferenceOptions>().BindConfiguration(InferenceOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => EncoderCatalogue.Load(Folders(services.GetRequiredService<IOptions<InferenceOptions>>().Value)));
        builder.Services.AddSingleton<EncoderPool>();
        builder.Services.AddHostedService<EncoderKeeper>();
    }

    public static void AddFeatureExtractionConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapFeatureExtraction(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }

    private static IEnumerable<string> Folders(InferenceOptions options) =>
        [Path.Combine(AppContext.BaseDirectory, "Encoders"), .. options.Folders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
