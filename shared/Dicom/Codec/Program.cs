// The worker process for native decoders: requests on standard input, answers on standard output, until the input ends.
if (args is not ["decode-worker"])
{
    Console.Error.WriteLine("BoneMet.Dicom is a library; started as a program it only serves as its own decoding worker.");
    return 2;
}
BoneMet.Dicom.CodecServer.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());
return 0;
