namespace BoneMet.FeatureExtraction.Inference;

internal enum ExecutionProvider
{
    Cpu,
    Cuda,
    TensorRt,
}
