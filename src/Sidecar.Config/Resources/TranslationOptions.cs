namespace Sidecar.Config.Resources;

/// <summary>How strictly one resource is read. Immutable.</summary>
/// <param name="RejectUnknownFields">
/// Fields that the API does not define are errors: <c>--reject-unknown-dynamic-fields</c> for what comes by discovery.
/// </param>
/// <param name="AddedViaApi">It comes by discovery rather than from the bootstrap.</param>
public readonly record struct TranslationOptions(bool RejectUnknownFields, bool AddedViaApi);
