namespace BoneMet.Hosting;

public enum BusTransport
{
    InMemory,
    RabbitMq,
}
