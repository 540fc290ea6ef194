namespace BoneMet.FeatureExtraction.Catalogue;

/// <param name="Spdx">SPDX identifier of the weights' licence.</param>
/// <param name="Commercial">Commercial use is allowed.</param>
/// <param name="Derivatives">Changed versions may be passed on.</param>
internal sealed record EncoderLicence(string Spdx, bool Commercial, bool Derivatives);
