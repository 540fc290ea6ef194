namespace BoneMet.Cli.Training;

/// <summary>Something the user can mend: one sentence on standard error, exit code 2.</summary>
internal sealed class TrainingFailure(string message) : Exception(message)
{
    /// <summary>Runs a command; a failure becomes its sentence and exit code 2.</summary>
    public static async Task<int> Guard(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (TrainingFailure failure)
        {
            Console.Error.WriteLine($"bonemet: {failure.Message}");
            return 2;
        }
    }
}
