using BoneMet.Cli;

return await CommandLine.Run(args);
