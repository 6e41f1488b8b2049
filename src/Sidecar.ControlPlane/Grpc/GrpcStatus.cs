namespace Sidecar.ControlPlane.Grpc;

/// <summary>The gRPC status codes that this server ends a call with.</summary>
public enum GrpcStatusCode : byte
{
    Ok = 0,
    InvalidArgument = 3,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}

/// <summary>How a call ended.</summary>
/// <param name="Code">Sent as grpc-status.</param>
/// <param name="Message">Sent as grpc-message; empty for none.</param>
public readonly record struct GrpcStatus(GrpcStatusCode Code, string Message)
{
    /// <summary>All went well.</summary>
    public static GrpcStatus Ok => new(GrpcStatusCode.Ok, "");

    public bool IsOk => Code == GrpcStatusCode.Ok;
}
