namespace Sidecar.Core.Buffers;

/// <summary>Told when a <see cref="BufferChain"/> grows over its high watermark and when it has drained to its low one.</summary>
public abstract class WatermarkListener
{
    /// <summary>The chain holds more than its high watermark: stop what fills it. Called once until <see cref="OnBelowLowWatermark"/>.</summary>
    public abstract void OnAboveHighWatermark();

    /// <summary>The chain has drained to the low watermark: what fills it may go on.</summary>
    public abstract void OnBelowLowWatermark();
}
