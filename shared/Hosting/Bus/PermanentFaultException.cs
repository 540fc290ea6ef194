namespace BoneMet.Hosting;

/// <summary>No repetition will cure this: the message goes to the error queue at once.</summary>
public class PermanentFaultException : Exception
{
    public PermanentFaultException()
        : this("permanent-fault", "This work can never succeed.")
    {
    }

    public PermanentFaultException(string message)
        : this("permanent-fault", message)
    {
    }

    public PermanentFaultException(string message, Exception innerException)
        : base(message, innerException) => Code = "permanent-fault";

    public PermanentFaultException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable kebab-case code.</summary>
    public string Code { get; }
}
