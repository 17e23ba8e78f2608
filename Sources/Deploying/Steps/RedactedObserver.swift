internal import Model

/// Tells what a deployment tells, without its secrets: what an engine or a server said is in notes and progress, too.
struct RedactedObserver: DeploymentObserver {
    let observer: any DeploymentObserver
    let secrets: Secrets

    func deployment(_ event: DeploymentEvent) {
        switch event {
        case .note(let text): observer.deployment(.note(secrets.telling(text)))
        case .progress(let container, let text):
            observer.deployment(.progress(container: container, text: secrets.telling(text)))
        case .began, .stepStarted, .stepEnded, .container, .ended: observer.deployment(event)
        }
    }
}
