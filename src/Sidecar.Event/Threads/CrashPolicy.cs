using System;

namespace Sidecar.Event.Threads;

/// <summary>
/// An exception that reaches a loop means that something believed impossible happened: state may be half changed, so the process
/// ends with a message that says where, and its supervisor starts a new one. Nothing is swallowed. Thread: any.
/// </summary>
public static class CrashPolicy
{
    /// <summary>Runs a loop to its end; what it throws ends the process.</summary>
    public static void Run(Dispatcher dispatcher, RunType type)
    {
        try
        {
            dispatcher.Run(type);
        }
        catch (Exception e) when (Crash(dispatcher, e))
        {
            // Never reached: the filter runs before the stack unwinds, so that a dump shows the place.
        }
    }

    /// <summary>Ends the process because of an exception on a loop's thread.</summary>
    private static bool Crash(Dispatcher dispatcher, Exception exception)
    {
        Environment.FailFast($"[critical][assert] thread {dispatcher.Name}, phase {dispatcher.Phase}: {exception.Message}", exception);
        return true;
    }
}
