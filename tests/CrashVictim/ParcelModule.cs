using MassTransit;

namespace BoneMet.CrashVictim;

internal static class ParcelModule
{
    public static void AddParcelConsumer(this IBusRegistrationConfigurator bus) => bus.AddConsumer<ParcelConsumer>();
}
