import Jobs
import Model
import TestSupport

/// A host whose jobs, queues and crontab lie in a directory of the test.
struct JobFixture: Sendable {
    let scratch: Scratch
    var configuration = JobsConfiguration()

    init() throws {
        scratch = try Scratch()
        configuration.stateDirectory = "\(scratch.path)/state"
        configuration.dataRoot = "\(scratch.path)/data"
        configuration.runtimeDirectory = "\(scratch.path)/run"
    }

    var jobs: HostJobs { HostJobs(configuration) }
    var data: String { configuration.dataRoot }
}
