public import Model

extension EngineError: StopRefusal {
    public var isCrashLoop: Bool { reason == .crashing }
}
