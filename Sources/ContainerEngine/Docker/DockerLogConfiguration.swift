internal import Model

/// Docker's names for where a container's log goes.
struct DockerLogConfiguration: Encodable {
    private let driver: String
    private let options: [String: String]

    init(_ log: ContainerLog) {
        switch log {
        case .journal: (driver, options) = ("journald", [:])
        case .file(let maximum):
            driver = "json-file"
            // Two halves: when one is full, the older one goes, and not all lines at once.
            options = ["max-size": "\(max(1, maximum.bytes / 2))", "max-file": "2"]
        case .nowhere: (driver, options) = (LoggedContainer.noDriver, [:])
        }
    }

    private enum CodingKeys: String, CodingKey {
        case driver = "Type"
        case options = "Config"
    }
}
