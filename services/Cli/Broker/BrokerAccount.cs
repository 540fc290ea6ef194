namespace BoneMet.Cli.Broker;

/// <summary>How the services reach the broker: out of their connection string.</summary>
internal sealed record BrokerAccount(string User, string Password, string VirtualHost)
{
    public static BrokerAccount Parse(string connection)
    {
        if (!Uri.TryCreate(connection, UriKind.Absolute, out var address) || address.Scheme is not ("amqp" or "amqps") || address.UserInfo.Split(':') is not [{ Length: > 0 } user, { Length: > 0 } password])
        {
            // Not the value itself: there is a password in it.
            throw new CliFailure("ConnectionStrings__rabbitmq must be amqp://USER:PASSWORD@HOST/VHOST.");
        }
        var path = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        return new BrokerAccount(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), path.Length == 0 ? "/" : path);
    }
}
