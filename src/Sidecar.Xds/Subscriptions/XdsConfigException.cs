using System;

namespace Sidecar.Xds.Subscriptions;

/// <summary>A configuration source cannot be used; the message names the field. Thrown on main for invalid configuration only.</summary>
public sealed class XdsConfigException(string message) : Exception(message);
