namespace Sidecar.Event;

/// <summary>How long <see cref="Dispatcher.Run"/> stays, as in Envoy.</summary>
public enum RunType : byte
{
    /// <summary>Until nothing is registered, armed, scheduled or posted any more, or <see cref="Dispatcher.Exit"/>.</summary>
    Block = 0,

    /// <summary>One iteration over what is ready now; never waits.</summary>
    NonBlock,

    /// <summary>Until <see cref="Dispatcher.Exit"/>.</summary>
    RunUntilExit,
}
