public import Planning

extension EngineError: StopRefusal {
    public var isCrashLoop: Bool { reason == .crashing }
}
