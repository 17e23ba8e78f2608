internal import Model

extension PlanDraft {
    /// Less holds hardly what an error quotes.
    private static let leastFile = ByteCount(bytes: 1 << 20)

    /// Less would push out within hours what somebody looks for.
    private static let leastJournal = ByteCount(bytes: 256 << 20)

    func checkJournal() {
        guard let maximum = plan.hostSettings?.logs?.maximum, maximum.bytes < Self.leastJournal.bytes else { return }
        log.error(
            "a journal of '\(maximum)' is too little for a host", at: "/logs/maximum",
            hint: "write at least '\(Self.leastJournal)'")
    }

    func checkLogs(of container: PlacedContainer) {
        guard let logs = container.plan.logs, let maximum = logs.maximum else { return }
        let pointer = "\(container.pointer)/logs/maximum"
        guard logs.driver == .file else {
            let bound =
                logs.driver == .journald ? "; systemd's journal is bounded as a whole, by 'logs' of the plan" : ""
            return log.error(
                "'maximum' bounds a file, and the driver is '\(logs.driver.rawValue)'\(bound)", at: pointer,
                hint: "remove it, or write \"driver\": \"file\"")
        }
        guard maximum.bytes < Self.leastFile.bytes else { return }
        log.error(
            "a log of '\(maximum)' is too little", at: pointer, hint: "write at least '\(Self.leastFile)'")
    }
}
