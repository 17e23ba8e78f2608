/// Why a container of an image could not be started.
public struct ImageObstacle: Hashable, Sendable {
    public let message: String
    public let hint: String

    package init(message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}
